// Beside a page that works without it: conditions at once, one question at a time without a
// round trip, reading aloud, sending again where the network was lost. Keeps nothing.
(() => {
const doc = document, all = (what, of) => [...(of || doc).querySelectorAll(what)];
const framed = doc.body.dataset.embed;
const tell = (type, more) => {
  if (framed && parent !== self) parent.postMessage({maaltal: location.pathname.split('/').pop(), type, ...more}, framed);
};
let height = 0;
const grow = () => {
  const now = Math.ceil(doc.documentElement.getBoundingClientRect().height);
  if (now !== height) tell('resize', {height: height = now});
};
let busy = 0;

const chosen = (form, name) => {
  const box = form.elements['a.' + name], at = box && (box.closest ? box : box[0]).closest('[data-p]');
  if (!at || at.disabled) return [];
  return all('input:checked', at).filter(one => one.name === 'a.' + name).map(one => one.value);
};
const holds = (form, when) =>
  when.all ? when.all.every(one => holds(form, one)) :
  when.any ? when.any.some(one => holds(form, one)) :
  when.is ? chosen(form, when.question).some(one => when.is.includes(one)) :
  !chosen(form, when.question).some(one => when.is_not.includes(one));

const start = focus => {
  const main = doc.querySelector('main'), form = doc.getElementById('f'), say = main.dataset;
  tell('ready');
  if ('done' in say) tell('completed');
  if (!form) return grow();
  const one = say.one === 'true', live = doc.getElementById('live'), go = doc.getElementById('go');
  const back = form.querySelector('[value=back]'), step = form.querySelector('.step');
  const items = all('[data-p]', form), end = doc.getElementById('end'), part = form.elements.part, code = form.elements.code;
  let now = +part.value, steps = [];

  // A code that came by QR stands behind the # and is taken away from there.
  const typed = decodeURIComponent(location.hash.slice(1));
  if (code && /^[\w -]{8,12}$/.test(typed)) {
    code.value = typed;
    history.replaceState(null, '', location.pathname + location.search);
  }

  const draw = () => {
    for (const item of items) {
      item.on = !item.dataset.if || holds(form, JSON.parse(item.dataset.if));
      if (item.tagName === 'FIELDSET') item.disabled = !item.on;
      item.hidden = !item.on || one && +item.dataset.p !== now;
    }
    steps = [...new Set(items.filter(item => item.on).map(item => +item.dataset.p))];
    if (one && now > steps[steps.length - 1]) return;
    const at = steps.indexOf(now), last = !one || at === steps.length - 1;
    for (const button of [go, form.ownerDocument.querySelector('.d')]) button.value = last ? 'send' : 'next';
    go.textContent = last ? say.send : now ? say.next : say.start;
    back.hidden = !one || at < 1;
    if (step) {
      step.hidden = at < 1;
      step.textContent = step.dataset.text.replace('#', at).replace('%', steps.length - 1);
    }
    part.value = one ? now : 0;
    grow();
  };
  const move = by => {
    const at = steps.indexOf(now);
    now = steps[at < 0 ? steps.length - 1 : at + by];
    if (end) end.remove();
    if (self.speechSynthesis) speechSynthesis.cancel();
    all('.err', main).forEach(error => error.remove());
    draw();
    const first = items.find(item => item.on && +item.dataset.p === now);
    if (first) {
      first.tabIndex = -1;
      first.focus();
      first.scrollIntoView({block: 'nearest'});
    }
  };
  // What is required and missing is told by the server, in its words.
  const lacks = () => {
    const data = new FormData(form), empty = field => !data.getAll(field.name).some(text => text.trim());
    return !now && code || items.some(item => item.on && +item.dataset.p === now && 'req' in item.dataset &&
      all('input,textarea', item).some(empty));
  };

  form.addEventListener('change', draw);
  doc.querySelectorAll('.say').forEach(button => button.remove());
  if (say.say && self.speechSynthesis) for (const item of items) {
    const head = item.querySelector('legend,label,h2,p');
    if (!head) continue;
    const button = doc.createElement('button');
    button.type = 'button';
    button.className = 'say';
    button.innerHTML = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4 9v6h4l5 4V5L8 9zM16 8.5q3 3.5 0 7M18.5 6q5 6 0 12"/></svg>';
    button.append(say.say);
    button.onclick = () => {
      const text = new SpeechSynthesisUtterance(all('.i,legend,.h,h2,.o span,li', item).map(one => one.textContent).join('. '));
      text.lang = item.lang || form.elements.lang.value;
      text.rate = .9;
      speechSynthesis.cancel();
      speechSynthesis.speak(text);
    };
    head.before(button);
  }

  // Within a frame that has no origin of its own the browser sends forms only by itself.
  if (self.origin !== 'null') form.addEventListener('submit', event => {
    event.preventDefault();
    if (busy) return;
    const by = event.submitter || go, press = by.value;
    if (one && (press === 'back' || press === 'next' && !lacks())) return move(press === 'back' ? -1 : 1);
    const body = new URLSearchParams(new FormData(form));
    body.set('go', press);
    send(form, body, 1);
  });

  const send = (form, body, tries) => {
    busy = 1;
    form.inert = true;
    live.className = '';
    live.textContent = say.sending;
    const again = (text, seconds) => {
      live.className = 'x';
      live.textContent = text;
      const now = doc.createElement('button');
      now.type = 'button';
      now.className = 'b';
      now.textContent = say.now;
      live.after(now);
      const retry = () => {
        clearTimeout(timer);
        now.remove();
        send(form, body, tries + 1);
      };
      const timer = setTimeout(retry, seconds * 1000);
      now.onclick = retry;
      now.focus();
      grow();
    };
    fetch(form.action, {method: 'POST', body, cache: 'no-store'}).then(async answer => {
      if (answer.status > 499 || answer.status === 429) {
        const wait = +answer.headers.get('Retry-After') || 2;
        // Not all of a class at the same moment again.
        return again(say.busy, wait + Math.random() * Math.min(tries * 2, 30));
      }
      if (answer.redirected) return location.replace(answer.url);
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      busy = 0;
      // The focus goes there all the same, and is told of by name.
      all('[autofocus]', page).forEach(one => one.autofocus = false);
      doc.title = page.title;
      doc.documentElement.lang = page.documentElement.lang;
      doc.documentElement.dir = page.documentElement.dir;
      doc.body.replaceChildren(...page.body.childNodes);
      start(true);
    }).catch(() => again(say.lost, Math.min(2 ** tries, 30)));
  };

  if (end && !one) end.remove();
  draw();
  if (focus) {
    const error = doc.getElementById('errors'), to = error || doc.querySelector('h1');
    to.tabIndex = -1;
    to.focus();
    scrollTo(0, 0);
  }
};

start();
if (framed && self.ResizeObserver) new ResizeObserver(grow).observe(doc.documentElement);
})();
