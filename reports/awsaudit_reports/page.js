'use strict';
(() => {
const byId = id => document.getElementById(id);
const data = JSON.parse(byId('data').textContent);
const { checks, texts, resources, findings, severities, statuses } = data;
const count = findings.id.length;
const words = { fail: 'failed', unknown: 'unknown', pass: 'passed', not_applicable: 'not applicable' };
const filters = ['status', 'service', 'region', 'account', 'group'];
const defaults = { q: '', severity: '', status: 'fail', service: '', region: '', account: '', group: 'check', finding: '' };
const state = { ...defaults };
const narrow = matchMedia('(max-width: 720px)');
const beside = matchMedia('(min-width: 1280px)');

// One resource, one finding

const arnOf = r => resources.prefixes[resources.prefix[r]] + resources.tail[r];
const nameOf = r => resources.name[r] || resources.tail[r] || arnOf(r);
const placeOf = r => resources.places[resources.place[r]];
const accountOf = i => placeOf(findings.resource[i])[0];
const regionOf = i => placeOf(findings.resource[i])[1];
const checkOf = i => checks[findings.check[i]];
const severityOf = i => severities[findings.severity[i]];
const statusOf = i => statuses[findings.status[i]];

// Texts hold markers for the resource's own values; one pass, so that a value is never read as a marker.
const textOf = (column, i) => filled(findings[column][i], findings.resource[i]);
function filled(t, r) {
  return (texts[t] || '').replace(/[\ue000-\ue003]/g, mark => {
    const values = [arnOf(r), resources.name[r] || resources.tail[r], ...placeOf(r)];
    return values[mark.charCodeAt(0) - 0xe000];
  });
}

// Building elements; text is only ever text

function el(tag, name, ...inside) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  made.append(...inside.filter(part => part !== null && part !== undefined));
  return made;
}

const severityWord = severity => el('span', 'word', el('i', 'mark'), severity);

function button(label, act, name) {
  const made = el('button', name, label);
  made.type = 'button';
  made.onclick = act;
  return made;
}

const plural = (number, noun) => number.toLocaleString('en') + ' ' + noun + (number === 1 ? '' : 's');

// Filtering: each word is looked up once per check, resource and text, not once per finding

function memo(compute) {
  const kept = [];
  return k => kept[k] ?? (kept[k] = compute(k).toLowerCase());
}
const checkText = memo(k => checks[k].id + ' ' + checks[k].title);
const resourceText = memo(r => {
  const tags = resources.tagged[resources.tags[r]].map(tag => tag.join('='));
  return [arnOf(r), nameOf(r), resources.types[resources.type[r]], ...placeOf(r), ...tags].join(' ');
});
const plainText = memo(t => texts[t] || '');

function holding(word) {
  const has = look => {
    const known = [];
    return k => known[k] ?? (known[k] = look(k).includes(word));
  };
  const [inCheck, inResource, inText] = [has(checkText), has(resourceText), has(plainText)];
  return i => inCheck(findings.check[i]) || inResource(findings.resource[i]) || inText(findings.message[i]);
}

function selected() {
  const holds = state.q.toLowerCase().split(/\s+/).filter(Boolean).map(holding);
  const found = [];
  for (let i = 0; i < count; i++) {
    if (state.status && statusOf(i) !== state.status) continue;
    if (state.severity && severityOf(i) !== state.severity) continue;
    if (state.service && checkOf(i).service !== state.service) continue;
    if (state.region && regionOf(i) !== state.region) continue;
    if (state.account && accountOf(i) !== state.account) continue;
    if (holds.every(hold => hold(i))) found.push(i);
  }
  return found;
}

// Grouping: worst first, then the most findings

const keyOf = {
  check: i => findings.check[i],
  resource: i => findings.resource[i],
  region: regionOf,
  account: accountOf,
};

// How bad a finding is: a failure of any severity before what did not fail.
const failing = statuses.indexOf('fail');
const weightOf = i => findings.severity[i] + (findings.status[i] === failing ? severities.length : 0);

let groups = [];
let rows = [];
let tops = [0];
let active = -1;
const open = new Set();

function grouped(found) {
  const byKey = new Map();
  const key = keyOf[state.group];
  for (const i of found) {
    const group = byKey.get(key(i));
    if (group) group.push(i);
    else byKey.set(key(i), [i]);
  }
  const made = [...byKey].map(([key, members]) => ({
    key, members, sorted: false, title: titleOf(members[0]),
    worst: members.reduce((worst, i) => Math.max(worst, weightOf(i)), 0),
  }));
  return made.sort((a, b) => b.worst - a.worst || b.members.length - a.members.length || (a.title < b.title ? -1 : 1));
}

function titleOf(i) {
  if (state.group === 'check') return checkOf(i).title;
  if (state.group === 'resource') return nameOf(findings.resource[i]);
  return state.group === 'region' ? regionOf(i) : accountOf(i);
}

function members(group) {
  if (!group.sorted) {
    const names = new Map(group.members.map(i => [i, leafTitle(i)]));
    group.members.sort((a, b) => weightOf(b) - weightOf(a) || (names.get(a) < names.get(b) ? -1 : 1));
    group.sorted = true;
  }
  return group.members;
}

const leafTitle = i => (state.group === 'check' ? nameOf(findings.resource[i]) : checkOf(i).title);

function layOut() {
  rows = [];
  for (const group of groups) {
    const single = group.members.length === 1;
    rows.push({ group, finding: single ? group.members[0] : -1, level: 1 });
    if (!single && open.has(group.key)) {
      for (const i of members(group)) rows.push({ group, finding: i, level: 2 });
    }
  }
  const heights = narrow.matches ? [60, 60] : [40, 36];
  tops = new Uint32Array(rows.length + 1);
  rows.forEach((row, j) => { tops[j + 1] = tops[j] + heights[row.level - 1]; });
  const list = byId('list');
  list.setAttribute('aria-rowcount', rows.length);
  list.style.height = tops[rows.length] + 'px';
  active = Math.min(active, rows.length - 1);
  byId('spread').textContent = groups.some(group => open.has(group.key)) ? 'Collapse all' : 'Expand all';
  byId('spread').hidden = !groups.some(group => group.members.length > 1);
  draw();
}

// Drawing: only the rows that can be seen exist

function rowAt(y) {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tops[middle + 1] <= y) low = middle + 1;
    else high = middle;
  }
  return low;
}

let printing = false;
function draw() {
  const list = byId('list');
  const y = -list.getBoundingClientRect().top;
  const first = printing ? 0 : Math.max(0, rowAt(y) - 8);
  const last = printing ? Math.min(rows.length, 5000) : Math.min(rows.length, rowAt(y + innerHeight) + 8);
  const seen = document.createDocumentFragment();
  for (let j = first; j < last; j++) seen.append(drawn(rows[j], j));
  list.replaceChildren(seen);
  if (active >= first && active < last) list.setAttribute('aria-activedescendant', 'row' + active);
  else list.removeAttribute('aria-activedescendant');
}

function cell(name, ...inside) {
  const made = el('span', name, ...inside);
  made.setAttribute('role', 'gridcell');
  return made;
}

function drawn(row, j) {
  const { group, finding, level } = row;
  const isGroup = finding < 0;
  const weight = isGroup ? group.worst : weightOf(finding);
  const severity = severities[weight % severities.length];
  const quiet = weight < severities.length ? 'quiet' : '';
  const made = el('div', ['row', severity, quiet, isGroup ? 'group' : level === 1 ? 'leaf' : 'member', j === active ? 'active' : ''].join(' '));
  made.id = 'row' + j;
  made.dataset.row = j;
  made.style.top = tops[j] + 'px';
  made.style.height = tops[j + 1] - tops[j] + 'px';
  made.setAttribute('role', 'row');
  made.setAttribute('aria-level', level);
  made.setAttribute('aria-rowindex', j + 1);
  made.setAttribute('aria-selected', j === active);
  if (isGroup) made.setAttribute('aria-expanded', open.has(group.key));
  const turn = el('i', isGroup ? 'turn' : '');
  turn.setAttribute('aria-hidden', 'true');
  const repeats = level === 2 && weight === group.worst && state.group === 'check';
  made.append(turn, repeats ? cell('') : cell('word', el('i', 'mark'), severity));
  made.append(...(isGroup ? groupCells(group) : leafCells(finding, level)));
  return made;
}

function groupCells(group) {
  const some = group.members[0];
  const noun = { check: 'resource', resource: 'check' }[state.group];
  const number = noun ? new Set(group.members.map(keyOf[noun])).size : group.members.length;
  const regions = new Set(group.members.map(regionOf));
  const beside = { check: checkOf(some).id, resource: resources.types[resources.type[findings.resource[some]]] }[state.group];
  return [
    cell('main', el('b', '', group.title), ' ', beside ? el('span', '', beside) : null),
    cell('place', state.group === 'region' ? '' : regions.size === 1 ? [...regions][0] : plural(regions.size, 'region')),
    cell('many', plural(number, noun || 'finding')),
  ];
}

function leafCells(i, level) {
  const title = level === 1 ? titleOf(i) : leafTitle(i);
  const more = level === 2 && state.group === 'check' ? textOf('message', i)
    : state.group === 'check' ? nameOf(findings.resource[i])
    : state.group === 'resource' ? (level === 1 ? checkOf(i).title : textOf('message', i))
    : nameOf(findings.resource[i]);
  const status = state.status ? '' : words[statusOf(i)];
  return [
    cell('main', el(level === 1 ? 'b' : 'span', level === 1 ? '' : 'leading', title), ' ', el('span', '', more)),
    cell('place', regionOf(i)),
    cell('many', status || (level === 1 && state.group === 'check' ? '1 resource' : '')),
  ];
}

// Refreshing after a change of the state

function refresh() {
  const found = selected();
  groups = grouped(found);
  if (state.q && found.length <= 50) groups.forEach(group => open.add(group.key));
  const kind = state.status ? words[state.status] + ' ' : '';
  const among = found.length ? ' of ' + plural(groups.length, state.group) : '';
  byId('count').textContent = plural(found.length, kind + 'finding') + among;
  byId('clear').hidden = !['q', 'severity', 'status', 'service', 'region', 'account'].some(k => state[k] !== defaults[k]);
  for (const tile of document.querySelectorAll('[data-severity]')) {
    tile.setAttribute('aria-pressed', tile.dataset.severity === state.severity);
  }
  for (const k of filters) byId(k).value = state[k];
  if (byId('q').value !== state.q) byId('q').value = state.q;
  byId('list').hidden = !found.length;
  sayEmpty(found.length);
  layOut();
  save();
}

function sayEmpty(shown) {
  const empty = byId('empty');
  empty.hidden = shown > 0;
  if (shown) return;
  const filtered = !byId('clear').hidden;
  const clean = !filtered && !findings.status.includes(failing);
  const lead = el('h2', '', clean ? data.nothing : 'No finding matches these filters.');
  const unknown = findings.status.filter(s => s === statuses.indexOf('unknown')).length;
  const parts = [lead];
  if (clean && unknown) {
    parts.push(el('p', '', button('Show ' + plural(unknown, 'unknown verdict'), () => change({ status: 'unknown' }), 'link')));
  } else if (clean && count) {
    parts.push(el('p', '', button('Show all ' + plural(count, 'finding'), () => change({ status: '' }), 'link')));
  } else if (filtered) {
    parts.push(el('p', '', button('Clear filters', clear, 'link')));
  }
  empty.replaceChildren(...parts);
}

function change(changes) {
  Object.assign(state, changes);
  if ('group' in changes) open.clear();
  active = -1;
  refresh();
  // Keep the list's beginning in view, where a long list was scrolled.
  const bar = byId('bar');
  const top = byId('tally').getBoundingClientRect().top;
  if (top < 0) scrollBy(0, top - (narrow.matches ? 0 : bar.offsetHeight));
}

const clear = () => change({ ...defaults, group: state.group, finding: state.finding });

function save() {
  const hash = new URLSearchParams(Object.entries(state).filter(([k, v]) => v !== defaults[k])).toString();
  if (hash !== location.hash.slice(1)) history.replaceState(null, '', hash ? '#' + hash : location.pathname + location.search);
}

function load() {
  const asked = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  Object.assign(state, defaults);
  for (const k of Object.keys(defaults)) if (k in asked) state[k] = asked[k];
  for (const k of filters) if (![...byId(k).options].some(option => option.value === state[k])) state[k] = defaults[k];
  if (!severities.includes(state.severity)) state.severity = '';
  const at = state.finding ? findings.id.indexOf(state.finding) : -1;
  if (at < 0) state.finding = '';
  else if (!('status' in asked)) state.status = statusOf(at);
  if (at >= 0) open.add(keyOf[state.group](at));
  refresh();
  if (at < 0) {
    shut();
    return;
  }
  const j = rows.findIndex(row => row.finding === at);
  if (j >= 0) move(j);
  show(at);
}

// Moving and opening

function move(j) {
  active = Math.max(0, Math.min(rows.length - 1, j));
  const list = byId('list').getBoundingClientRect();
  const above = narrow.matches ? 0 : byId('bar').offsetHeight;
  const top = list.top + tops[active];
  const bottom = list.top + tops[active + 1];
  if (top < above) scrollBy(0, top - above);
  else if (bottom > innerHeight) scrollBy(0, bottom - innerHeight);
  draw();
  if (state.finding && rows[active] && rows[active].finding >= 0) show(rows[active].finding);
}

function toggle(group, wanted = !open.has(group.key)) {
  if (wanted) open.add(group.key);
  else open.delete(group.key);
  layOut();
}

function act(j, byKey) {
  const row = rows[j];
  if (!row) return;
  active = j;
  if (row.finding < 0) toggle(row.group);
  else {
    draw();
    show(row.finding);
    if (byKey || !beside.matches) byId('panel').querySelector('h2').focus();
  }
}

function shut() {
  if (byId('panel').hidden) return;
  byId('panel').hidden = true;
  byId('page').inert = false;
  dock(false);
  state.finding = '';
  save();
  draw();
}

// A docked panel makes the list narrower, and what stands above it higher: keep it where the reader looks.
function dock(on) {
  const top = () => byId('list').getBoundingClientRect().top;
  const before = top();
  document.body.classList.toggle('docked', on);
  scrollBy(0, top() - before);
}

function leave() {
  shut();
  byId('list').focus({ preventScroll: true });
}

// The panel of one finding

function show(i) {
  const panel = byId('panel');
  const check = checkOf(i);
  const r = findings.resource[i];
  const severity = severityOf(i);
  const status = statusOf(i);
  state.finding = findings.id[i];
  save();
  panel.className = severity + (status === 'fail' ? '' : ' quiet');
  const heading = el('h2', '', check.title);
  heading.tabIndex = -1;
  const top = el('div', 'top',
    el('span', '', severityWord(severity), ' · ' + words[status]), button('Close', leave, 'plain'));
  const evidence = pairs([
    ['Expected', textOf('expected', i)], ['Found', textOf('found', i)], ['Notes', status === 'pass' ? '' : textOf('notes', i)],
    ['Not seen', textOf('gaps', i) === textOf('message', i) ? '' : textOf('gaps', i)],
  ]);
  panel.replaceChildren(top, heading, el('p', 'name', nameOf(r)), el('p', 'said', textOf('message', i)), evidence,
    ...pathOf(i, r), ...remedy(i, check), ...(check.why ? [el('h3', '', 'Why it matters'), el('p', 'prose', check.why)] : []),
    el('h3', '', 'Resource'), code('ARN', arnOf(r)), about(i, check, r));
  panel.hidden = false;
  panel.scrollTop = 0;
  dock(beside.matches);
  byId('page').inert = narrow.matches;
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
  const told = h => ['resource', 'type', 'by'].map(column => filled(hops[column][h], r));
  const steps = paths[findings.path[i]];
  const drawn = steps.every(h => told(h)[1] === 'AWS::CodePipeline::Stage');
  return [el('h3', '', drawn ? 'Stages' : 'Path'), drawn ? stages(steps.map(h => [...told(h), hops.holds[h]])) : null,
    el('ol', 'path', ...steps.map(h => {
      const [name, type, by] = told(h);
      const [, head, tail] = /^(.*?)(.{0,20})$/su.exec(name);
      const holds = hops.holds[h];
      const step = el('li', holds ? 'stops' : '',
        el('code', '', el('span', '', head), tail), head ? copier(name, name, 'link') : null,
        type === name || drawn ? null : el('small', 'place', type), el('p', 'by place', by),
        el('p', 'word', ['', 'breaks here', 'cannot be told'][holds]));
      step.dataset.mark = '●✕?'[holds];
      return step;
    }))].filter(Boolean);
}

// The stages of a pipeline, five in a row, with the one at which something is missing.
function svg(tag, attributes, ...inside) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
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
  const told = steps.map(([name, , , holds]) => name + (holds ? ' (something is missing)' : '')).join(', ');
  return svg('svg', { class: 'stages', role: 'img', 'aria-label': told, viewBox: `-1 0 434 ${Math.ceil(steps.length / across) * 64 - 16}` }, ...boxes);
}

function remedy(i, check) {
  if (statusOf(i) !== 'fail') return [];
  const [fix, terraform] = [textOf('fix', i), textOf('terraform', i)];
  const parts = [el('h3', '', 'How to fix it')];
  if (check.fix) parts.push(el('p', 'prose', check.fix), el('p', '', '\u00a0'));
  if (fix) parts.push(code('AWS CLI', fix, 'command'));
  if (terraform) parts.push(code('Terraform', terraform));
  return parts;
}

function code(label, text, kind = '') {
  const words = kind ? text.split(/(\s+)(?=-|&&|\|)/).map((word, n) => (n % 2 ? word : el('span', '', word))) : [text];
  const block = el('pre', kind, ...words);
  block.tabIndex = 0;
  return el('div', 'code', el('p', '', label), copier(label, text), block);
}

function copier(label, text, name) {
  const made = button('Copy', () => copy(text, made), name);
  made.setAttribute('aria-label', 'Copy ' + label);
  return made;
}

function about(i, check, r) {
  const [account, region] = placeOf(r);
  const list = pairs([
    ['Type', resources.types[resources.type[r]]], ['Account', account], ['Region', region], ['Part', textOf('key', i)],
    ['First seen', textOf('seen', i)], ['Tags', resources.tagged[resources.tags[r]].map(tag => tag.join(' = ')).join('\n')],
    ['Check', check.id], ['Frameworks', check.frameworks.map(([name, which]) => name + ': ' + which).join('\n')],
    ['Elsewhere', check.equivalents.join('\n')],
  ]);
  if (check.url) {
    const link = el('a', '', 'AWS documentation');
    link.href = check.url;
    link.rel = 'noreferrer noopener';
    link.target = '_blank';
    list.append(el('dt', '', 'More'), el('dd', '', link));
  }
  return list;
}

async function copy(text, from) {
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
  from.textContent = 'Copied';
  byId('said').textContent = 'Copied';
  setTimeout(() => {
    from.textContent = 'Copy';
    byId('said').textContent = '';
  }, 1500);
}

// Wiring

function offer(id, choices) {
  byId(id).replaceChildren(...choices.map(([value, label]) => new Option(label, value)));
  byId(id).closest('label').hidden = choices.length < 3 && id !== 'status';
}

function begin() {
  const numbers = statuses.map(() => 0);
  for (const s of findings.status) numbers[s]++;
  const known = values => [['', 'All'], ...[...new Set(values)].sort().map(value => [value, value])];
  const label = s => words[s][0].toUpperCase() + words[s].slice(1) + ' (' + numbers[statuses.indexOf(s)].toLocaleString('en') + ')';
  offer('status', [...Object.keys(words).map(s => [s, label(s)]), ['', 'All (' + count.toLocaleString('en') + ')']]);
  offer('service', known(checks.map(check => check.service)));
  offer('region', known(resources.places.map(place => place[1])));
  offer('account', known(resources.places.map(place => place[0])));
  offer('group', Object.keys(keyOf).filter(k => k !== 'account' || byId('account').length > 2).map(k => [k, k[0].toUpperCase() + k.slice(1)]));
  for (const shown of ['bar', 'tally']) byId(shown).hidden = false;
  for (const waiting of document.querySelectorAll('button[hidden][data-copy], button[hidden][data-status]')) waiting.hidden = false;
}

function single(event) {
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
  return !typing && !event.ctrlKey && !event.metaKey && !event.altKey && (byId('single').checked || event.target.id === 'list');
}

function onKey(event) {
  if (byId('help').open) return;
  const key = event.key;
  if (key === 'Escape') {
    if (!byId('panel').hidden) leave();
    else if (event.target === byId('q') && state.q) change({ q: '' });
    return;
  }
  const onList = event.target.id === 'list';
  const steps = onList ? { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15, Home: -rows.length, End: rows.length } : {};
  const step = steps[key] || (single(event) && { j: 1, k: -1 }[key]);
  const row = rows[active];
  if (step && rows.length) {
    if (!byId('panel').contains(event.target)) byId('list').focus({ preventScroll: true });
    move(active + step);
  } else if (onList && key === 'Enter') act(active, true);
  else if (onList && key === 'ArrowRight' && row && row.finding < 0) toggle(row.group, true);
  else if (onList && key === 'ArrowLeft' && row && row.level === 2) move(rows.findIndex(r => r.group === row.group));
  else if (onList && key === 'ArrowLeft' && row && row.finding < 0) toggle(row.group, false);
  else if (key === '/' && single(event)) byId('q').focus();
  else if (key === '?' && single(event)) byId('help').showModal();
  else return;
  event.preventDefault();
}

begin();
byId('bar').onsubmit = event => event.preventDefault();
byId('q').oninput = event => change({ q: event.target.value });
for (const k of filters) byId(k).onchange = event => change({ [k]: event.target.value });
for (const tile of document.querySelectorAll('[data-severity]')) {
  tile.onclick = () => {
    const same = state.severity === tile.dataset.severity;
    change({ severity: same ? '' : tile.dataset.severity, status: 'fail' });
  };
}
for (const link of document.querySelectorAll('[data-status]')) {
  link.onclick = () => change({ ...defaults, status: link.dataset.status, group: state.group });
}
for (const copier of document.querySelectorAll('[data-copy]')) {
  copier.onclick = () => copy(byId(copier.dataset.copy).textContent, copier);
}
byId('clear').onclick = clear;
byId('spread').onclick = () => {
  if (groups.some(group => open.has(group.key))) open.clear();
  else groups.forEach(group => open.add(group.key));
  layOut();
};
byId('keys').onclick = () => byId('help').showModal();
byId('done').onclick = () => byId('help').close();
byId('list').onfocus = () => {
  if (active < 0 && byId('list').matches(':focus-visible')) move(0);
};
byId('list').onclick = event => {
  const row = event.target.closest('.row');
  if (row) act(+row.dataset.row, false);
};
document.addEventListener('keydown', onKey);
let waiting = false;
addEventListener('scroll', () => {
  if (!waiting) requestAnimationFrame(() => { waiting = false; draw(); });
  waiting = true;
}, { passive: true });
addEventListener('resize', layOut);
addEventListener('hashchange', load);
addEventListener('beforeprint', () => { printing = true; draw(); });
addEventListener('afterprint', () => { printing = false; draw(); });
load();
})();
