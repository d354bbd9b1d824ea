'use strict';
(async () => {
const ui = Object.fromEntries([...document.querySelectorAll('[id]')].map(named => [named.id, named]));
const data = JSON.parse(await unpacked(ui.data));
const { checks, texts, resources, findings, severities, statuses, frameworks } = data;
const count = findings.id.length;
const words = {
  fail: 'failed', unknown: 'unknown', suppressed: 'suppressed', fixed: 'fixed', unseen: 'no longer seen', pass: 'passed', not_applicable: 'not applicable',
};
const ours = ['fail', 'unknown', 'suppressed', 'pass', 'not_applicable'];
const selects = ['severity', 'status', 'service', 'region', 'account', 'framework', 'group'];
const defaults = {
  q: '', severity: '', status: 'fail', service: '', region: '', account: '', framework: '', check: '', new: '', group: 'check', also: '', finding: '',
};
const state = { ...defaults };
const framed = () => state.group === 'requirement';
const narrow = matchMedia('(max-width: 720px)');
const beside = matchMedia('(min-width: 1280px)');

async function unpacked(holder) {
  if (!('packed' in holder.dataset)) return holder.textContent;
  const bytes = Uint8Array.from(atob(holder.textContent), c => c.charCodeAt());
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text();
}

// One resource, one finding

const resourceOf = i => findings.resource[i];
const tailOf = r => resources.tail[r];
const arnOf = r => resources.prefixes[resources.prefix[r]] + tailOf(r);
const nameOf = r => resources.name[r] || tailOf(r) || arnOf(r);
const typeOf = r => resources.types[resources.type[r]];
const placeOf = r => resources.places[resources.place[r]];
const accountOf = i => placeOf(resourceOf(i))[0];
const regionOf = i => placeOf(resourceOf(i))[1];
const checkOf = i => checks[findings.check[i]];
const severityOf = i => severities[findings.severity[i]];
const statusOf = i => statuses[findings.status[i]];
const acceptedOf = i => data.suppressions?.[findings.suppression[i]];
const isNew = i => findings.new?.[i];

// Texts hold markers for the resource's own values; one pass, so that a value is never read as a marker.
const textOf = (column, i) => filled(texts[findings[column][i]], resourceOf(i));
function filled(text, r, shown = value => value) {
  return (text || '').replace(/[\ue000-\ue004]/g, mark => {
    const values = [arnOf(r), resources.name[r] || tailOf(r), ...placeOf(r), tailOf(r)];
    return shown(values[mark.charCodeAt() - 0xe000]);
  });
}

// Building elements; text is only ever text

function el(tag, name, ...inside) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  made.append(...inside);
  return made;
}

function set(made, attributes) {
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

const marked = severity => [el('i', 'mark'), severity];

function button(label, act, name) {
  const made = el('button', name, label);
  made.onclick = act;
  return made;
}

const told = number => number.toLocaleString('en');
const plural = (number, noun) => told(number) + ' ' + noun + (number === 1 ? '' : 's');
const capital = word => word[0].toUpperCase() + word.slice(1);

// Filtering: each word is looked up once per check, resource and text, not once per finding

const lowered = [];
const whole = r => lowered[r] ??= (arnOf(r) + ' ' + nameOf(r)).toLowerCase();

function holding(word) {
  const hits = (list, look) => list.map(value => look(value).toLowerCase().includes(word));
  const inCheck = hits(checks, check => check.id + ' ' + check.title);
  const inPlace = hits(resources.places, place => place.join(' '));
  const inType = hits(resources.types, type => type);
  const inTags = hits(resources.tagged, tags => tags.map(tag => tag.join('=')).join(' '));
  const inResource = resources.tail.map((_, r) => (
    inPlace[resources.place[r]] || inType[resources.type[r]] || inTags[resources.tags[r]] || whole(r).includes(word)
  ));
  const inText = [];
  return i => inCheck[findings.check[i]] || inResource[resourceOf(i)]
    || (inText[findings.message[i]] ??= (texts[findings.message[i]] || '').toLowerCase().includes(word));
}

const valueOf = { severity: severityOf, service: i => checkOf(i).service, region: regionOf, account: accountOf, check: i => checkOf(i).id };
const standard = () => frameworks.find(framework => framework.id === state.framework);

// What matches, by status
function selected() {
  const asked = Object.keys(valueOf).filter(k => state[k]).map(k => i => valueOf[k](i) === state[k]);
  if (state.new) asked.push(isNew);
  if (state.framework) {
    const behind = new Set(standard().checks.flat());
    asked.push(i => behind.has(findings.check[i]));
  }
  asked.push(...state.q.toLowerCase().split(/\s+/).filter(Boolean).map(holding));
  const found = Object.fromEntries(statuses.map(s => [s, []]));
  for (let i = 0; i < count; i++) if (asked.every(holds => holds(i))) found[statusOf(i)].push(i);
  return found;
}

// Grouping: worst first, then the most findings

const keyOf = { check: i => findings.check[i], resource: resourceOf, region: regionOf, account: accountOf };

// How bad a finding is: a failure of any severity before what did not fail.
const weightOf = i => findings.severity[i] + (statusOf(i) === 'fail' ? severities.length : 0);

let found = {};
let shown = [];
let groups = [];
let sections = [];
let rows = [];
let tops = [0];
let active = -1;
const open = new Set();

function byKey(list, key) {
  const parts = new Map();
  for (const i of list) {
    const part = parts.get(key(i));
    if (part) part.push(i);
    else parts.set(key(i), [i]);
  }
  return parts;
}

const grouping = (id, title, members) => (
  { id, title, members, worst: members.reduce((worst, i) => Math.max(worst, weightOf(i)), -1) }
);

function grouped(list, status) {
  if (framed()) return required(list);
  const made = [...byKey(list, keyOf[state.group])].map(([key, members]) => grouping(status + key, titleOf(members[0]), members));
  return made.sort((a, b) => b.worst - a.worst || b.members.length - a.members.length || (a.title < b.title ? -1 : 1));
}

// The requirements of a standard, in its own order; those without findings only where nothing is filtered out.
function required(list) {
  const { names, checks: behind, known } = standard();
  const parts = byKey(list, keyOf.check);
  const made = names.map((name, n) => ({
    ...grouping(name, name, behind[n].flatMap(check => parts.get(check) || [])), behind: behind[n],
    why: known[n] ? (behind[n].length ? 'nothing to judge' : 'not in this scan') : 'no automated check',
  }));
  return filtered() ? made.filter(group => group.members.length) : made;
}

function titleOf(i) {
  if (state.group === 'check') return checkOf(i).title;
  if (state.group === 'resource') return nameOf(resourceOf(i));
  return keyOf[state.group](i);
}

const leafTitle = i => (state.group === 'check' ? nameOf(resourceOf(i)) : checkOf(i).title);

function members(group) {
  if (!group.sorted) {
    const names = new Map(group.members.map(i => [i, leafTitle(i)]));
    group.members.sort((a, b) => weightOf(b) - weightOf(a) || (names.get(a) < names.get(b) ? -1 : 1));
    group.sorted = true;
  }
  return group.members;
}

const isOpen = row => (row.section ? state.also.split(' ').includes(row.section) : open.has(row.group.id));

let printing = false;
function layOut() {
  rows = [];
  const lay = (some, level) => {
    for (const group of some) {
      const single = group.members.length === 1 && !framed();
      rows.push({ group, finding: single ? group.members[0] : -1, level });
      if (!single && (printing || open.has(group.id))) {
        for (const i of members(group)) rows.push({ group, finding: i, level: level + 1, member: true });
      }
    }
  };
  lay(groups, 1);
  for (const section of sections) {
    const row = { section, finding: -1, level: 1 };
    rows.push(row);
    if (isOpen(row)) lay(grouped(found[section], section), 2);
  }
  tops = new Uint32Array(rows.length + 1);
  rows.forEach((row, j) => { tops[j + 1] = tops[j] + (narrow.matches ? 60 : row.member ? 36 : 40); });
  const list = ui.list;
  set(list, { 'aria-rowcount': rows.length });
  list.style.height = tops[rows.length] + 'px';
  list.hidden = !rows.length;
  active = Math.min(active, rows.length - 1);
  ui.spread.textContent = groups.some(group => open.has(group.id)) ? 'Collapse all' : 'Expand all';
  ui.spread.hidden = !groups.some(group => group.members.length > 1);
  draw();
}

// Drawing: only the rows that can be seen exist

const listTop = () => ui.list.getBoundingClientRect().top;
const rowAt = y => {
  const next = tops.findIndex(top => top > y);
  return next < 0 ? rows.length : next - 1;
};

// A row under the pointer stays the same element while there is no need for others.
let first = 0;
let last = 0;
function scrolled() {
  const y = -listTop();
  if (Math.max(0, rowAt(y)) < first || Math.min(rows.length, rowAt(y + innerHeight) + 1) > last) draw();
}

function draw() {
  const list = ui.list;
  const y = -listTop();
  [first, last] = printing ? [0, 5000] : [Math.max(0, rowAt(y) - 8), rowAt(y + innerHeight) + 8];
  list.replaceChildren(...rows.slice(first, last).map((row, j) => drawn(row, first + j)));
  if (last < rows.length && printing) list.append(plural(rows.length - last, 'row') + ' more are in the page itself.');
  set(list, { 'aria-activedescendant': active >= first && active < last ? 'row' + active : '' });
}

const cell = (name, ...inside) => set(el('span', name, ...inside), { role: 'gridcell' });

function drawn(row, j) {
  const { group, finding, level, section, member } = row;
  const closed = section || (finding < 0 && group.members.length > 0);
  const weight = section ? -1 : finding < 0 ? group.worst : weightOf(finding);
  const severity = severities[weight % severities.length] || '';
  const made = el('div', [
    'row', severity, weight < severities.length ? 'quiet' : '', section ? 'section' : finding < 0 ? 'group' : member ? 'member' : 'leaf', j === active ? 'active' : '',
  ].join(' '));
  made.id = 'row' + j;
  made.style.top = tops[j] + 'px';
  made.style.height = tops[j + 1] - tops[j] + 'px';
  set(made, { role: 'row', 'aria-level': level, 'aria-rowindex': j + 1, 'aria-selected': j === active, ...(closed && { 'aria-expanded': isOpen(row) }) });
  const repeats = (finding < 0 && group?.behind && weight < severities.length) || (member && weight === group.worst && state.group === 'check');
  made.append(el('i', closed ? 'turn' : ''), ...(section ? [] : [cell('word', ...(repeats ? [] : marked(severity)))]));
  made.append(...(section ? sectionCells(section) : finding < 0 ? groupCells(group) : leafCells(finding, member)));
  return made;
}

const newWord = number => (number ? el('em', '', number === 1 ? 'new' : told(number) + ' new') : '');

function sectionCells(section) {
  return [cell('main', el('b', '', capital(words[section]))), cell('place'), cell('many', plural(found[section].length, 'finding'))];
}

function groupCells(group) {
  const [some] = group.members;
  const title = el('b', '', group.title);
  if (group.behind) {
    const numbers = byKey(group.members, statusOf);
    const tally = ours.slice(0, 4).filter(s => numbers.has(s)).map(s => told(numbers.get(s).length) + ' ' + words[s]).join(', ');
    return [cell('main', title, ' ', el('span', '', group.behind.map(check => checks[check].title).join('; '))), cell('tally', tally || group.why)];
  }
  const noun = { check: 'resource', resource: 'check' }[state.group];
  const number = noun ? new Set(group.members.map(keyOf[noun])).size : group.members.length;
  const regions = new Set(group.members.map(regionOf));
  const beside = { check: checkOf(some).id, resource: typeOf(resourceOf(some)) }[state.group];
  return [
    cell('main', title, newWord(group.members.filter(isNew).length), ' ', beside ? el('span', '', beside) : ''),
    cell('place', state.group === 'region' ? '' : regions.size === 1 ? [...regions][0] : plural(regions.size, 'region')),
    cell('many', plural(number, noun || 'finding')),
  ];
}

function leafCells(i, member) {
  const accepted = acceptedOf(i);
  const name = nameOf(resourceOf(i));
  const message = accepted ? (accepted[1] ? accepted[1] + ': ' : '') + accepted[0] : textOf('message', i);
  const says = { check: member ? message : name, resource: member ? message : checkOf(i).title }[state.group] || name;
  const status = state.status ? '' : words[statusOf(i)];
  return [
    cell('main', el(member ? 'span' : 'b', member ? 'leading' : '', member ? leafTitle(i) : titleOf(i), newWord(isNew(i))), ' ', el('span', '', says)),
    cell('place', regionOf(i)),
    cell('many', accepted ? 'until ' + accepted[2] : status || (!member && state.group === 'check' ? '1 resource' : '')),
  ];
}

// Refreshing after a change of the state

const filtered = () => Object.keys(defaults).slice(0, 9).some(k => state[k] !== defaults[k] && !(framed() && /status|framework/.test(k)));

function refresh() {
  if (framed()) state.framework ||= frameworks[0].id;
  found = selected();
  shown = (state.status ? [state.status] : ours).flatMap(s => found[s]);
  groups = grouped(shown, '');
  sections = state.status === 'fail' && !framed()
    ? Object.keys(words).slice(1, 6).filter(s => found[s].length) : [];
  if (groups.length === 1 || (state.q && shown.length <= 50)) groups.forEach(group => open.add(group.id));
  const kind = state.status ? words[state.status] + ' ' : '';
  ui.count.textContent = plural(shown.length, kind + 'finding') + (groups.length ? ' of ' + plural(groups.length, state.group) : '')
    + (state.check ? ': ' + state.check : '');
  ui.clear.hidden = !filtered();
  ui.csv.hidden = ui.json.hidden = !shown.length;
  for (const k of selects) ui[k].value = state[k];
  ui.new.checked = state.new;
  ui.q.value = state.q;
  for (const link of links()) {
    set(link, { 'aria-current': Object.entries(askedBy(link)).every(([k, v]) => state[k] === v) });
  }
  set(ui.plain, { 'aria-current': !framed() });
  set(ui.standards, { 'aria-current': framed() });
  sayEmpty();
  layOut();
  save();
}

function sayEmpty() {
  const empty = ui.empty;
  empty.hidden = groups.length > 0;
  const clean = !filtered() && !found.fail.length;
  const unknown = found.unknown.length;
  const offer = (label, act) => el('p', '', button(label, act, 'link'));
  empty.replaceChildren(
    el('h2', '', clean ? data.nothing : 'No ' + (words[state.status] || '') + ' finding matches these filters.'),
    clean ? (unknown ? offer('Show ' + plural(unknown, 'unknown verdict'), () => change({ status: 'unknown' })) : '') : offer('Clear filters', clear),
  );
}

function change(changes) {
  Object.assign(state, changes);
  if ('group' in changes) open.clear();
  active = -1;
  refresh();
  // Keep the list's beginning in view, where a long list was scrolled.
  const top = ui.tally.getBoundingClientRect().top;
  if (top < 0) scrollBy(0, top - (narrow.matches ? 0 : ui.bar.offsetHeight));
}

const clear = () => change({ ...defaults, group: state.group, status: framed() ? '' : 'fail', finding: state.finding });

// Browsers take only so many addresses a second.
let saving;
function save() {
  clearTimeout(saving);
  saving = setTimeout(() => {
    const hash = new URLSearchParams(Object.entries(state).filter(([k, v]) => v !== defaults[k])).toString();
    if (hash !== location.hash.slice(1)) history.replaceState(null, '', '#' + hash);
  }, 99);
}

// What stands above the list links to it by the hash: what the link asks for, and nothing else, is then shown.
const links = () => document.querySelectorAll('#page a[href^="#"]');
const askedBy = link => ({ status: 'fail', ...Object.fromEntries(new URLSearchParams(link.getAttribute('href').slice(1))) });

function follow(event) {
  const link = event.target.closest('#page a[href^="#"]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const view = link.closest('nav');
  const current = !view && link.getAttribute('aria-current') === 'true';
  const kept = view ? {} : { group: framed() ? 'check' : state.group };
  change({ ...defaults, ...kept, finding: state.finding, ...(current ? {} : askedBy(link)) });
  if (ui.tally.getBoundingClientRect().top > innerHeight * 0.7) ui.main.scrollIntoView();
}

function load() {
  if (location.hash === '#list') return save();
  const asked = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  Object.assign(state, defaults);
  for (const k of Object.keys(defaults)) if (k in asked) state[k] = asked[k];
  for (const k of selects) if (![...ui[k].options].some(option => option.value === state[k])) state[k] = defaults[k];
  const at = state.finding ? findings.id.indexOf(state.finding) : -1;
  if (at < 0) state.finding = '';
  else if (!('status' in asked)) state.status = statusOf(at);
  if (at >= 0 && keyOf[state.group]) open.add(keyOf[state.group](at) + '');
  refresh();
  if (at < 0) return shut();
  const j = rows.findIndex(row => row.finding === at);
  if (j >= 0) move(j);
  show(at);
}

// Moving and opening

function move(j) {
  active = Math.max(0, Math.min(rows.length - 1, j));
  const above = narrow.matches ? 0 : ui.bar.offsetHeight;
  const top = listTop() + tops[active];
  const bottom = listTop() + tops[active + 1];
  if (top < above) scrollBy(0, top - above);
  else if (bottom > innerHeight) scrollBy(0, bottom - innerHeight);
  draw();
  if (state.finding && rows[active] && rows[active].finding >= 0) show(rows[active].finding);
}

function toggle(row, wanted = !isOpen(row)) {
  if (row.section) {
    const others = state.also.split(' ').filter(s => s && s !== row.section);
    state.also = [...others, ...(wanted ? [row.section] : [])].join(' ');
    save();
  } else if (wanted && row.group.members.length) open.add(row.group.id);
  else open.delete(row.group.id);
  layOut();
}

function act(j, fromKeys) {
  const row = rows[j];
  if (!row) return;
  active = j;
  if (row.finding < 0) toggle(row);
  else {
    draw();
    show(row.finding);
    if (fromKeys || !beside.matches) ui.panel.querySelector('h2').focus();
  }
}

function shut() {
  if (ui.panel.hidden) return;
  ui.panel.hidden = true;
  ui.page.inert = false;
  dock(false);
  state.finding = '';
  save();
  draw();
}

// A docked panel makes the list narrower, and what stands above it higher: keep it where the reader looks.
function dock(on) {
  const before = listTop();
  document.body.classList.toggle('docked', on);
  scrollBy(0, listTop() - before);
}

function leave() {
  shut();
  ui.list.focus({ preventScroll: true });
}

// The panel of one finding

function show(i) {
  const panel = ui.panel;
  const check = checkOf(i);
  const r = resourceOf(i);
  const severity = severityOf(i);
  const status = statusOf(i);
  const accepted = acceptedOf(i);
  state.finding = findings.id[i];
  save();
  panel.className = severity + (status === 'fail' ? '' : ' quiet');
  const heading = el('h2', '', check.title);
  heading.tabIndex = -1;
  const evidence = pairs([
    ['Expected', textOf('expected', i)], ['Found', textOf('found', i)], ['Notes', status === 'pass' ? '' : textOf('notes', i)],
    ['Not seen', textOf('gaps', i) === textOf('message', i) ? '' : textOf('gaps', i)],
    ...(accepted ? [['Suppressed', accepted[0]], ['Owner', accepted[1] || 'nobody named'], ['Until', accepted[2]]] : []),
  ]);
  panel.replaceChildren(
    el('div', 'top', el('span', '', el('span', 'word', ...marked(severity)), ' · ' + words[status] + (isNew(i) ? ' · new' : '')), button('Close', leave, 'plain')),
    heading, el('p', 'name', nameOf(r)), el('p', 'said', textOf('message', i)), evidence, ...pathOf(i, r), ...remedy(i, check),
    ...(check.why ? [el('h3', '', 'Why it matters'), el('p', 'prose', check.why)] : []),
    el('h3', '', 'Resource'), code('ARN', arnOf(r)), about(i, check, r), ...acceptance(i, check, r),
    el('p', '', copier('link', location.href.split('#')[0] + '#finding=' + findings.id[i], 'link', 'Copy link')),
  );
  panel.hidden = false;
  panel.scrollTop = 0;
  dock(beside.matches);
  ui.page.inert = narrow.matches;
}

function pairs(entries) {
  const list = el('dl', 'pairs');
  for (const [label, value] of entries) if (value) list.append(el('dt', '', label), el('dd', 'prose', value));
  return list;
}

// Long names lose their middle to the eye only.
function pathOf(i, r) {
  if (!findings.path?.[i]) return [];
  const { hops, paths } = data;
  const says = h => ['resource', 'type', 'by'].map(column => filled(texts[hops[column][h]], r));
  const steps = paths[findings.path[i]];
  const pictured = steps.every(h => says(h)[1] === 'AWS::CodePipeline::Stage');
  return [el('h3', '', pictured ? 'Stages' : 'Path'), pictured ? stages(steps.map(h => [...says(h), hops.holds[h]])) : '',
    el('ol', 'path', ...steps.map(h => {
      const [name, type, by] = says(h);
      const [, head, tail] = /^(.*?)(.{0,20})$/su.exec(name);
      const holds = hops.holds[h];
      const step = el('li', holds ? 'stops' : '',
        el('code', '', el('span', '', head), tail), head ? copier(name, name, 'link') : '',
        type === name || pictured ? '' : el('small', 'place', type), el('p', 'by place', by),
        el('p', 'word', ['', 'breaks here', 'cannot be told'][holds]));
      step.dataset.mark = '●✕?'[holds];
      return step;
    }))];
}

// The stages of a pipeline, five in a row, with the one at which something is missing.
function svg(tag, attributes, ...inside) {
  const made = set(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes);
  made.append(...inside);
  return made;
}

function stages(steps) {
  const across = Math.min(steps.length, 5);
  const wide = 456 / across - 24;
  const fit = text => (text.length > wide / 7 ? text.slice(0, wide / 7 - 1) + '…' : text);
  const boxes = steps.map(([name, , by, holds], n) => {
    const [x, y] = [n % across * (wide + 24), Math.floor(n / across) * 64];
    const middle = { x: x + wide / 2, 'text-anchor': 'middle' };
    return svg('g', { class: holds ? 'stops' : '' },
      svg('title', {}, name + ': ' + by), svg('rect', { x, y: y + 1, width: wide, height: 46, rx: 4 }),
      svg('text', { ...middle, y: y + 20 }, fit(name)),
      svg('text', { ...middle, y: y + 38, class: 'kind' }, holds ? '✕' : fit(by.split(':')[0])),
      n ? svg('path', { d: n % across ? `M${x - 21} ${y + 24}h17m-4-4 4 4-4 4` : `M${wide / 2} ${y - 15}v14m-4-4 4 4 4-4` }) : '');
  });
  const label = steps.map(([name, , , holds]) => name + (holds ? ' (something is missing)' : '')).join(', ');
  return svg('svg', { class: 'stages', role: 'img', 'aria-label': label, viewBox: `-1 0 434 ${Math.ceil(steps.length / across) * 64 - 16}` }, ...boxes);
}

function remedy(i, check) {
  if (!/fail|suppressed|unseen/.test(statusOf(i))) return [];
  const [fix, terraform] = [textOf('fix', i), textOf('terraform', i)];
  return [
    el('h3', '', 'How to fix it'), check.fix ? el('p', 'prose fix', check.fix) : '', fix ? code('AWS CLI', fix, 'command') : '', terraform ? code('Terraform', terraform) : '',
  ];
}

function acceptance(i, check, r) {
  if (statusOf(i) !== 'fail') return [];
  const values = { check: check.id, resource: arnOf(r), account: accountOf(i), key: textOf('key', i), reason: '', owner: '' };
  const stanza = ['[[suppress]]', ...Object.entries(values).filter(([k, v]) => k !== 'key' || v).map(([k, v]) => k + ' = ' + JSON.stringify(v)), 'expires = ' + data.expires].join('\n');
  return [el('h3', '', 'Accept it for a while'), code('awsaudit-suppressions.toml, with your reason', stanza)];
}

function code(label, text, kind = '') {
  const parts = kind ? text.split(/(\s+)(?=-|&&|\|)/).map((word, n) => (n % 2 ? word : el('span', '', word))) : [text];
  const block = el('pre', kind, ...parts);
  block.tabIndex = 0;
  return el('div', 'code', el('p', '', label), copier(label, text), block);
}

function copier(label, text, name, word = 'Copy') {
  const made = button(word, () => copy(text, made), name);
  return set(made, { 'aria-label': 'Copy ' + label });
}

function about(i, check, r) {
  const [account, region] = placeOf(r);
  const behind = frameworks.map(({ title, names, checks: lists }) => {
    const which = names.filter((_, n) => lists[n].includes(findings.check[i]));
    return which.length ? title + ': ' + which.join(', ') : '';
  });
  const list = pairs([
    ['Type', typeOf(r)], ['Account', account], ['Region', region], ['Part', textOf('key', i)],
    ['First seen', textOf('seen', i).slice(0, 10)], ['Tags', resources.tagged[resources.tags[r]].map(tag => tag.join(' = ')).join('\n')],
    ['Check', check.id], ['Frameworks', behind.filter(Boolean).join('\n')], ['Elsewhere', check.equivalents.join('\n')],
  ]);
  const outside = [['AWS console', filled(resources.links[resources.link[r]], r, encodeURIComponent)], ['AWS documentation', check.url]].filter(([, url]) => url);
  if (outside.length) list.append(el('dt', '', 'More'));
  for (const [label, url] of outside) {
    list.append(el('dd', '', set(el('a', '', label), { href: url, rel: 'noreferrer', target: '_blank' })));
  }
  return list;
}

async function copy(text, from) {
  const before = from.textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = el('textarea', 'unseeable');
    area.value = text;
    from.after(area);
    area.select();
    document.execCommand('copy');
    area.remove();
    from.focus();
  }
  from.textContent = ui.said.textContent = 'Copied';
  setTimeout(() => {
    from.textContent = before;
    ui.said.textContent = '';
  }, 1500);
}

// What is shown, as a file

function record(i) {
  const r = resourceOf(i);
  const [reason, owner, until] = acceptedOf(i) || [];
  return {
    id: findings.id[i], check: checkOf(i).id, status: statusOf(i), severity: severityOf(i), account: accountOf(i), region: regionOf(i),
    type: typeOf(r), arn: arnOf(r), name: nameOf(r), message: textOf('message', i), expected: textOf('expected', i), found: textOf('found', i),
    fix: textOf('fix', i), first_seen: textOf('seen', i), suppression_reason: reason || '', suppression_owner: owner || '', suppression_expires: until || '',
  };
}

// A spreadsheet takes what begins like a formula for one.
const guarded = value => '"' + (/^[=+@\t\r-]/.test(value) ? '\'' : '') + value.replaceAll('"', '""') + '"';

function download(kind) {
  const records = shown.map(record);
  const text = kind === 'json' ? JSON.stringify(records, null, 1)
    : [Object.keys(records[0]), ...records.map(Object.values)].map(line => line.map(guarded).join(',') + '\r\n').join('');
  const link = el('a');
  link.href = URL.createObjectURL(new Blob([text], { type: kind === 'json' ? 'application/json' : 'text/csv' }));
  link.download = 'awsaudit-findings.' + kind;
  link.click();
}

// Wiring

function offer(id, choices) {
  ui[id].replaceChildren(...choices.map(([value, label]) => new Option(label, value)));
  ui[id].closest('label').hidden = choices.length < 3 && id !== 'status';
}

function begin() {
  const all = selected();
  const numberOf = s => all[s].length;
  const known = values => [['', 'All'], ...[...new Set(values)].sort().map(value => [value, value])];
  const kinds = Object.keys(words).filter(s => ours.slice(0, 2).includes(s) || numberOf(s));
  offer('severity', [['', 'All'], ...severities.toReversed().map(s => [s, capital(s)])]);
  offer('status', [...kinds.map(s => [s, capital(words[s]) + ' (' + told(numberOf(s)) + ')']), ['', 'All (' + told(ours.flatMap(s => all[s]).length) + ')']]);
  offer('service', known(checks.map(check => check.service)));
  offer('region', known(resources.places.map(place => place[1])));
  offer('account', known(resources.places.map(place => place[0])).map(([id, label]) => [id, data.accounts[id] || label]));
  offer('framework', [['', 'All'], ...frameworks.map(({ id, title }) => [id, title])]);
  ui.framework.closest('label').hidden = ui.standards.hidden = !frameworks.length;
  offer('group', [...Object.keys(keyOf), 'requirement'].filter(k => !(k === 'account' && ui.account.length < 3 || k === 'requirement' && !frameworks.length))
    .map(k => [k, capital(k)]));
  for (const waiting of document.querySelectorAll('main, .coverage [hidden]')) waiting.hidden = false;
}

function single(event) {
  return !event.target.matches('input, select') && !event.ctrlKey && !event.metaKey && !event.altKey && (ui.single.checked || event.target.id === 'list');
}

function onKey(event) {
  if (ui.help.open) return;
  const key = event.key;
  if (key === 'Escape') {
    if (!ui.panel.hidden) leave();
    else if (event.target === ui.q && state.q) change({ q: '' });
    return;
  }
  const onList = event.target.id === 'list';
  const steps = onList ? { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15, Home: -rows.length, End: rows.length } : {};
  const step = steps[key] || (single(event) && { j: 1, k: -1 }[key]);
  const row = rows[active];
  const closed = row && row.finding < 0;
  if (step && rows.length) {
    if (!ui.panel.contains(event.target)) ui.list.focus({ preventScroll: true });
    move(active + step);
  } else if (onList && key === 'Enter') act(active, true);
  else if (onList && key === 'ArrowRight' && closed) toggle(row, true);
  else if (onList && key === 'ArrowLeft' && closed && isOpen(row)) toggle(row, false);
  else if (onList && key === 'ArrowLeft' && row && row.level > 1) move(rows.findLastIndex((r, j) => j < active && r.level < row.level));
  else if (key === '/' && single(event)) ui.q.focus();
  else if (key === '?' && single(event)) ui.help.showModal();
  else return;
  event.preventDefault();
}

begin();
ui.q.oninput = event => change({ q: event.target.value });
ui.new.onchange = event => change({ new: event.target.checked ? '1' : '' });
for (const k of selects) ui[k].onchange = event => change({ [k]: event.target.value });
for (const kind of ['csv', 'json']) ui[kind].onclick = () => download(kind);
if (ui.grant) ui.grant.onclick = () => copy(ui.statement.textContent, ui.grant);
ui.clear.onclick = clear;
ui.spread.onclick = () => {
  if (groups.some(group => open.has(group.id))) open.clear();
  else groups.forEach(group => open.add(group.id));
  layOut();
};
ui.keys.onclick = () => ui.help.showModal();
ui.list.onfocus = () => {
  if (active < 0 && ui.list.matches(':focus-visible')) move(0);
};
ui.list.onclick = event => {
  act(rowAt(event.clientY - listTop()), false);
};
document.onclick = follow;
document.onkeydown = onKey;
window.onscroll = scrolled;
window.onresize = layOut;
window.onhashchange = load;
for (const [when, on] of [['onbeforeprint', true], ['onafterprint', false]]) {
  window[when] = () => { printing = on; layOut(); };
}
load();

// Search is ready before it is asked for, without keeping anything else waiting.
(function prepare(r) {
  const end = Math.min(r + 2000, resources.tail.length);
  for (; r < end; r++) whole(r);
  if (r < resources.tail.length) setTimeout(prepare, 0, r);
})(0);
})();
