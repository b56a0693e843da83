// Puts a questionnaire into the page in which this stands:
// <script async src="https://maaltal.example/embed.js" data-link="TOKEN"></script>
(() => {
const script = document.currentScript, token = script && script.dataset.link;
if (!token) return;
const base = new URL('s/', script.src), address = new URL(encodeURIComponent(token), base);
const frame = document.createElement('iframe');
address.searchParams.set('embed', 1);
address.searchParams.set('origin', location.origin);
if (script.dataset.lang) address.searchParams.set('lang', script.dataset.lang);
frame.src = address;
frame.title = script.dataset.title || 'Spørgeskema';
frame.referrerPolicy = 'no-referrer';
frame.style.cssText = 'display:block;width:100%;height:0;border:0';
// A link to the same questionnaire before the script goes when the frame has come.
const before = script.previousElementSibling, path = '/s/' + token;
const links = before ? [before, ...before.querySelectorAll('a')].filter(one => one.pathname && one.pathname.endsWith(path)) : [];
addEventListener('message', event => {
  const told = event.data;
  if (event.origin !== base.origin || event.source !== frame.contentWindow || !told || told.maaltal !== token) return;
  if (told.type === 'ready') links.forEach(one => one.hidden = true);
  else if (told.type === 'resize' && told.height > 0 && told.height < 50000) frame.style.height = told.height + 'px';
  else if (told.type !== 'completed') return;
  frame.dispatchEvent(new CustomEvent('maaltal:' + told.type, {bubbles: true, detail: {link: token, height: told.height}}));
});
script.before(frame);
})();
