"""What holds of every policy and every request."""

import itertools

from attrs import evolve
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from awsaudit.access import (
    Context,
    Policy,
    PolicyKind,
    PolicySet,
    Principal,
    PrincipalKind,
    Request,
    Verdict,
    evaluate,
    exposure,
    parse_policy,
)
from awsaudit.access.condition import holds
from awsaudit.access.evaluate import _Layers
from awsaudit.access.match import met
from awsaudit.access.truth import NO, YES, Doubt, both, either, maybe, opposite
from awsaudit.access.value import candidates
from tests.access.documents import (
    KEYS,
    PEOPLE,
    QUEUE,
    VALUES,
    conditions,
    contexts,
    documents,
    requests,
    shared,
    statements,
)
from tests.estate import FOREIGN, OWN, allow, deny, document


RANK = {Verdict.DENY: 0, Verdict.CONDITIONAL: 1, Verdict.ALLOW: 2}
QUICK = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


def policy(text, kind=PolicyKind.IDENTITY):
    return parse_policy(text, kind)


@st.composite
def sets(draw, most=2):
    """Return the documents that decide a request: of identities, a boundary and the resource."""
    own = documents(attached=False, most=most)
    return {
        "identity": draw(st.lists(own, max_size=2)),
        "boundary": draw(st.none() | own),
        "resource": draw(st.none() | documents(most=most)),
    }


def decide(request, texts):
    return evaluate(
        request,
        PolicySet(
            identity=tuple(map(policy, texts["identity"])),
            boundary=texts["boundary"] and policy(texts["boundary"], PolicyKind.BOUNDARY),
            resource=texts["resource"] and policy(texts["resource"], PolicyKind.RESOURCE),
        ),
    )


@QUICK
@given(requests(), sets(), st.sampled_from(["identity", "resource"]))
def test_a_deny_dominates(request, texts, where):
    """
    One more Deny of everything, in any policy, denies every request.
    """
    everything = {**deny("*"), **({"Principal": "*"} if where == "resource" else {})}
    if where == "identity":
        texts["identity"].append(document(everything))
    else:
        texts["resource"] = document(*(texts["resource"] or {"Statement": []})["Statement"], everything)
    decision = decide(request, texts)

    assert (Verdict.DENY, True) == (decision.verdict, decision.explicit)


@QUICK
@given(requests(), sets(), statements(effects=("Allow",), attached=False), st.booleans())
def test_one_more_allow_never_takes_access_away(request, texts, more, boundary):
    """
    An Allow added to a policy leaves the answer as it was, or makes it wider.
    """
    before = decide(request, texts)
    if boundary and texts["boundary"]:
        texts["boundary"] = {**texts["boundary"], "Statement": [*texts["boundary"]["Statement"], more]}
    else:
        texts["identity"].append(document(more))

    assert RANK[before.verdict] <= RANK[decide(request, texts).verdict]


@QUICK
@given(requests(), sets())
def test_one_more_deny_never_gives_access(request, texts):
    """
    A Deny added to a policy leaves the answer as it was, or makes it narrower.
    """
    before = decide(request, texts)
    more = deny("sqs:Send*", Condition={"StringEquals": {"aws:SourceVpc": "vpc-1"}})
    texts["identity"].append(document(more))

    assert RANK[before.verdict] >= RANK[decide(request, texts).verdict]


@QUICK
@given(requests(), sets(), st.randoms(use_true_random=False))
def test_the_order_of_statements_does_not_matter(request, texts, random):
    """
    Statements and policies are read as a set.
    """
    before = decide(request, texts)
    random.shuffle(texts["identity"])
    for text in (*texts["identity"], texts["boundary"], texts["resource"]):
        if text:
            random.shuffle(text["Statement"])
    after = decide(request, texts)

    assert (before.verdict, before.explicit, set(before.keys)) == (after.verdict, after.explicit, set(after.keys))


@QUICK
@given(requests(), sets())
def test_upper_case_in_actions_and_keys_does_not_matter(request, texts):
    """
    Actions and the names of context keys may be written in either case.
    """

    def shout(text):
        return text and {**text, "Statement": [_shouted(s) for s in text["Statement"]]}

    loud = {
        "identity": [shout(text) for text in texts["identity"]],
        "boundary": shout(texts["boundary"]),
        "resource": shout(texts["resource"]),
    }
    other = evolve(request, action=request.action.upper())

    assert decide(request, texts).verdict is decide(other, loud).verdict


def _shouted(statement):
    def upper(value):
        return value.upper() if isinstance(value, str) else [v.upper() for v in value]

    found = {k: upper(v) if k in {"Action", "NotAction"} else v for k, v in statement.items()}
    if "Condition" in found:
        found["Condition"] = {
            spelled: {key.swapcase(): values for key, values in lines.items()}
            for spelled, lines in statement["Condition"].items()
        }

    return found


@settings(QUICK, max_examples=60)
@given(requests(), sets(), st.data())
def test_a_definite_answer_stands_whatever_is_unknown(request, texts, data):
    """
    What is allowed or denied while keys are unknown stays so for every value that they may have.
    """
    decision = decide(request, texts)
    assume(decision.verdict is not Verdict.CONDITIONAL)
    known = request.context
    unknown = [k for k in VALUES if k not in known.known and k not in known.absent]
    for _ in range(4):
        chosen = {key: data.draw(st.sampled_from((None, *VALUES[key]))) for key in unknown}
        whole = known.with_(
            {k: v for k, v in chosen.items() if v is not None}, [k for k, v in chosen.items() if v is None]
        )
        assert decision.verdict is decide(evolve(request, context=whole), texts).verdict


@settings(QUICK, max_examples=60)
@given(requests(whole=True), sets())
def test_where_all_is_known_nothing_is_in_doubt(request, texts):
    """
    With every key known or known to be absent the answer is definite, but for what AWS's pages leave open.
    """
    decision = decide(request, texts)
    words = [doubt.on for doubt in decision.depends_on if ":" in doubt.on and " " not in doubt.on]

    assert [] == words
    if decision.verdict is Verdict.CONDITIONAL:
        assert any("whether" in d.on or "session" in d.on for d in decision.depends_on)


@settings(QUICK, max_examples=50)
@given(requests(), sets())
def test_settles_as_the_single_cases_do(request, texts):
    """
    An answer that is definite after trying all values is what was in doubt before, and the doubts were keys.
    """
    policies = PolicySet(identity=tuple(map(policy, texts["identity"])))
    first, final = _Layers(request, policies).decision(), evaluate(request, policies)

    assert first.verdict is final.verdict or first.verdict is Verdict.CONDITIONAL
    assert (final.verdict is Verdict.CONDITIONAL) == bool(final.depends_on)


@settings(QUICK, max_examples=60)
@given(requests(), sets(most=3))
def test_what_swings_comes_out_either_way(request, texts):
    """
    Where values need not be tried, since each key decides alone, trying them finds both an Allow and a Deny.
    """
    policies = PolicySet(
        identity=tuple(map(policy, texts["identity"])),
        resource=texts["resource"] and policy(texts["resource"], PolicyKind.RESOURCE),
    )
    layers = _Layers(request, policies)
    keys = [d.on for d in layers.decision().depends_on]
    if not keys or not all(":" in key and " " not in key for key in keys) or not layers.swing(frozenset(keys)):
        return
    tests = tuple(layers.tested())
    ways = list(itertools.islice(itertools.product(*(candidates(tests, key) for key in dict.fromkeys(keys))), 3_000))
    found = set()
    for way in ways:
        chosen = dict(zip(dict.fromkeys(keys), way, strict=True))
        known = {k: v for k, v in chosen.items() if v is not None}
        context = request.context.with_(known, [k for k, v in chosen.items() if v is None])
        found.add(evaluate(evolve(request, context=context), policies).verdict)
        if found == {Verdict.ALLOW, Verdict.DENY}:
            return
    assert len(ways) == 3_000


@settings(QUICK, max_examples=80)
@given(st.lists(conditions(), min_size=1, max_size=3), st.sampled_from(tuple(KEYS)))
def test_candidates_tell_all_outcomes_apart(blocks, key):
    """
    For every value of a key there is a candidate with which all conditions on it come out the same.
    """
    text = document(*(allow("*", Condition=block) for block in blocks))
    lines = [c for s in policy(text).statements for c in s.conditions if c.key == key.lower()]

    def outcomes(value):
        context = Context({}, frozenset([key])) if value is None else Context({key: value})
        request = Request(PEOPLE[0], "sqs:SendMessage", QUEUE, context=context)
        return tuple(holds(line, request, "", "").value for line in lines)

    told = {outcomes(value) for value in candidates(lines, key.lower())}

    assert {outcomes(value) for value in (None, *VALUES[key.lower()])} <= told


TRUTHS = st.sampled_from([YES, NO, maybe(Doubt("a", "p")), maybe(Doubt("b", "p"))])


@given(st.lists(TRUTHS, max_size=4))
def test_three_values_are_kleenes(truths):
    """
    And, or and not over true, false and unknown are Kleene's, and each is the other's mirror.
    """
    values = [t.value for t in truths]

    assert (False if False in values else None if None in values else True) is both(*truths).value
    assert (True if True in values else None if None in values else False) is either(*truths).value
    assert opposite(both(*truths)) == either(*map(opposite, truths))
    assert bool(both(*truths).doubts) == (both(*truths).value is None)


def strangers():
    """Return callers from outside, with or without an account."""
    outside = [
        Principal(
            PrincipalKind.ROLE, f"arn:aws:iam::{account}:role/{name}", account, organization=organization, tags={}
        )
        for account, name, organization in itertools.product(
            ("999999999999", FOREIGN), ("x", "app"), ("", "o-x9x9x9x9x9")
        )
    ]
    return st.sampled_from(outside)


def lets_in(found: Policy, request: Request):
    """Return whether *found* lets a request in, by itself: None where it hangs on something."""
    things = [m for m in met(found, request, on=request.resource) if m.grasp]
    allowed = either(*(m.truth for m in things if m.statement.allow))
    denied = either(*(m.truth for m in things if not m.statement.allow))

    return both(allowed, opposite(denied)).value


@settings(QUICK, max_examples=80)
@given(documents() | shared())
def test_every_witness_is_let_in(text):
    """
    What is shown as the proof of an opening is a request from outside that the policy allows.
    """
    found = policy(text, PolicyKind.RESOURCE)
    seen = exposure(found, owner=OWN, resource=QUEUE)

    for opening in seen.openings:
        witness = opening.witness
        assert OWN != witness.principal.account
        assert opening.statement.is_about(witness.action)
        assert lets_in(found, witness) in ((True, None) if opening.depends_on else (True,))
        # The other actions have witnesses of their own.
        alone = exposure(found, owner=OWN, resource=QUEUE, actions=opening.actions[-1:])
        assert opening.who in {o.who for o in alone.openings if o.statement.number == opening.statement.number}


@settings(QUICK, max_examples=50)
@given(
    documents() | shared(),
    strangers(),
    contexts(whole=True),
    st.sampled_from(("sqs:SendMessage", "sqs:ReceiveMessage")),
)
def test_no_stranger_is_overlooked(text, stranger, context, action):
    """
    Where nobody is said to get in, no stranger that one can think of does.
    """
    found = policy(text, PolicyKind.RESOURCE)
    seen = exposure(found, owner=OWN, resource=QUEUE)
    assume(not seen.undecided and not seen.openings)
    # Nobody comes from the owner's network or from a private address, or acts for a resource.
    address = context.known.get("aws:sourceip", "10.")
    closed = Context(context.known, open_world=False).with_(
        {"aws:sourceip": "198.51.100.7" if address.startswith("10.") else address}, ["aws:sourcearn", "aws:sourcevpc"]
    )
    request = Request(stranger, action, QUEUE, context=closed)

    assert lets_in(found, request) is not True
