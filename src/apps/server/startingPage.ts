// What a browser sees while the machine gets ready: no build needed, no file read, light and dark.
import type { Step } from './steps.ts'

const plain = (text: string) =>
  text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign]!)

const line = ({ key, vi, state, fraction, detail }: Step) => `<li data-key="${plain(key)}" data-state="${state}">
<span class="mark" aria-hidden="true"></span><span class="what">${plain(vi)}</span>
<span class="how">${stateWords[state]}</span>
<progress max="1" ${fraction === undefined ? '' : `value="${fraction}"`} aria-label="${plain(vi)}"${state === 'running' ? '' : ' hidden'}></progress>
<span class="detail">${plain(detail ?? '')}</span></li>`

const stateWords = { waiting: 'đang đợi', running: 'đang làm', done: 'xong', failed: 'không thành' } as const

export const startingPage = (steps: readonly Step[], demo: boolean) => `<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Điểm Cầu đang chuẩn bị</title><link rel="stylesheet" href="/starting.css"><script src="/starting.js" defer></script>
<noscript><meta http-equiv="refresh" content="2"></noscript></head>
<body><main><p class="brand">Điểm Cầu</p>
<h1>${demo ? 'Đang chuẩn bị bản dùng thử' : 'Đang chuẩn bị'}</h1>
<p>${
  demo
    ? 'Chiến dịch Bắc Giang với 97.319 đảng viên đang được dựng lại trên máy này. Việc này mất vài phút; xong thì trang tự mở.'
    : 'Máy chủ đang khởi động; xong thì trang tự mở.'
}</p>
<p lang="en" class="en">${demo ? 'Preparing the demonstration. This page opens by itself when it is ready.' : 'Starting. This page opens by itself.'}</p>
<ol id="steps">${steps.map(line).join('')}</ol><p id="now" class="unseen" role="status"></p></main></body></html>`

export const startingStyle = `:root{color-scheme:light dark;--paper:#faf7f0;--ink:#231f1a;--soft:#665d50;--line:#d9d1c2;--son:#a3211c;--done:#2f6b3f}
@media (prefers-color-scheme:dark){:root{--paper:#191714;--ink:#ece6da;--soft:#b1a797;--line:#3d372f;--son:#e4695f;--done:#7fbf8e}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);border-top:3px solid var(--son);font:17px/1.65 'Be Vietnam Pro',system-ui,sans-serif}
main{max-width:38rem;margin:0 auto;padding:clamp(2rem,9vh,6rem) 1.25rem}
.brand{margin:0 0 2rem;font:600 1rem/1.65 'Source Serif 4 Variable',Georgia,serif;color:var(--son)}
h1{margin:0 0 .75rem;font:600 clamp(1.6rem,5vw,2.1rem)/1.3 'Source Serif 4 Variable',Georgia,serif}
p{margin:0 0 .5rem}.en{color:var(--soft);font-size:.9rem}
ol{list-style:none;margin:2rem 0 0;padding:0;border-top:1px solid var(--line)}
li{display:grid;grid-template-columns:1.5rem 1fr auto;gap:0 .5rem;align-items:baseline;padding:.7rem 0;border-bottom:1px solid var(--line)}
.mark::before{content:'·';color:var(--soft)}[data-state=running] .mark::before{content:'•';color:var(--son)}
[data-state=done] .mark::before{content:'✓';color:var(--done)}[data-state=failed] .mark::before{content:'✕';color:var(--son)}
[data-state=waiting] .what{color:var(--soft)}.how{color:var(--soft);font-size:.9rem}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.detail{grid-column:2/4;color:var(--soft);font-size:.9rem;font-variant-numeric:tabular-nums}.detail:empty{display:none}
progress{grid-column:2/4;width:100%;height:4px;margin:.4rem 0 .2rem;border:0;border-radius:2px;background:var(--line);appearance:none;accent-color:var(--son)}
progress[hidden]{display:none}
progress::-webkit-progress-bar{background:var(--line);border-radius:2px}progress::-webkit-progress-value{background:var(--son);border-radius:2px}
progress::-moz-progress-bar{background:var(--son);border-radius:2px}`

export const startingScript = `const words=${JSON.stringify(stateWords)};
async function look(){try{const answer=await fetch('/readyz',{cache:'no-store'});if(answer.ok){location.reload();return}
const {steps=[]}=await answer.json();for(const step of steps){const row=document.querySelector('[data-key="'+step.key+'"]');if(!row)continue;
if(row.dataset.state!==step.state)document.getElementById('now').textContent=row.querySelector('.what').textContent+': '+words[step.state];row.dataset.state=step.state;row.querySelector('.how').textContent=words[step.state];row.querySelector('.detail').textContent=step.detail||'';
const bar=row.querySelector('progress');bar.hidden=step.state!=='running';if(step.fraction!==undefined)bar.value=step.fraction}}catch{}
setTimeout(look,700)}
look()`
