/// The report's style sheet.
///
/// Its hash stands in the page's Content-Security-Policy.
///
/// Every colour of text has a contrast of at least 4.5 to what it stands on, in both schemes
/// (WCAG 2.1 §1.4.3); whatever a colour says is also said by a word, a shape or a pattern.
enum HTMLStyle {
  static let sheet = """
    :root{color-scheme:light;--bg:#f6f7f9;--panel:#fff;--ink:#1a1f28;--soft:#525c6b;--line:#d3d9e2;
    --accent:#0b57b0;--bad:#b3202c;--warn:#8a5300;--good:#1c6b3a;--lit:#fff1b8;--code:#eef1f5;
    --p-udp:#5b6b7f;--p-tcp:#5b6b7f;--p-x224:#7a5bb0;--p-tls:#1f6fb5;--p-credssp:#0f7b78;--p-mcs:#9a6b00;
    --p-security:#9a6b00;--p-licensing:#9a6b00;--p-capabilities:#5f7d1e;--p-session:#2c7f4b}
    @media (prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;--bg:#12151b;--panel:#1b2029;
    --ink:#e8ebf0;--soft:#a9b3c2;--line:#37404f;--accent:#7db8ff;--bad:#ff8f95;--warn:#f0b354;--good:#79d39b;
    --lit:#4a3f0c;--code:#252c38;--p-udp:#8d9bb0;--p-tcp:#8d9bb0;--p-x224:#b39ae6;--p-tls:#67b2f2;--p-credssp:#4fc4bf;
    --p-mcs:#d9a93c;--p-security:#d9a93c;--p-licensing:#d9a93c;--p-capabilities:#a6c95a;--p-session:#62c788}}
    :root[data-theme=dark]{color-scheme:dark;--bg:#12151b;--panel:#1b2029;
    --ink:#e8ebf0;--soft:#a9b3c2;--line:#37404f;--accent:#7db8ff;--bad:#ff8f95;--warn:#f0b354;--good:#79d39b;
    --lit:#4a3f0c;--code:#252c38;--p-udp:#8d9bb0;--p-tcp:#8d9bb0;--p-x224:#b39ae6;--p-tls:#67b2f2;--p-credssp:#4fc4bf;
    --p-mcs:#d9a93c;--p-security:#d9a93c;--p-licensing:#d9a93c;--p-capabilities:#a6c95a;--p-session:#62c788}
    *{box-sizing:border-box}
    body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
    header,main,footer{max-width:68rem;margin:0 auto;padding:1rem}header{padding-bottom:0}main{padding-top:0}
    .captures>summary,main details:not(.card)>summary{cursor:pointer;color:var(--accent);margin:.8rem 0}
    h1{font-size:1.6rem;line-height:1.2;margin:.2rem 0}h2{font-size:1.15rem;margin:1.6rem 0 .5rem}
    h3{font-size:.82rem;margin:1.1rem 0 .3rem;color:var(--soft);text-transform:uppercase;letter-spacing:.05em}
    p{margin:.4rem 0}a{color:var(--accent)}.soft{color:var(--soft)}.top{display:flex;gap:1rem;align-items:flex-start}
    .top>div{flex:1;min-width:0}ul.plain{list-style:none;margin:0;padding:0}
    .tiles{display:flex;flex-wrap:wrap;gap:.6rem;margin:1rem 0}
    .tile{background:var(--panel);border:1px solid var(--line);border-radius:.5rem;padding:.5rem .9rem;min-width:7rem}
    .tile b{display:block;font-size:1.7rem;line-height:1.2}
    .families{display:grid;grid-template-columns:repeat(auto-fill,minmax(17rem,1fr));gap:.25rem 1.2rem}
    .families button{display:flex;width:100%;gap:.6rem;text-align:left;border:0;background:none;padding:.25rem .3rem}
    .families b{min-width:2.2rem;text-align:right}.families [aria-pressed=true]{background:var(--lit);outline:1px solid var(--line)}
    button,input,select{font:inherit;color:inherit;background:var(--panel);border:1px solid var(--line);border-radius:.35rem;
    padding:.3rem .6rem}button{cursor:pointer}:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
    .controls{display:flex;flex-wrap:wrap;gap:.5rem;align-items:end;position:sticky;top:0;z-index:2;background:var(--bg);
    padding:.6rem 0;border-bottom:1px solid var(--line)}.controls label{font-size:.8rem;color:var(--soft)}
    .controls label>*{display:block;color:var(--ink);font-size:1rem}.controls .grow{flex:1 1 12rem}.controls .grow input{width:100%}
    #count{margin:.5rem 0;color:var(--soft)}
    .card{background:var(--panel);border:1px solid var(--line);border-left:.35rem solid var(--line);border-radius:.5rem;
    margin:.5rem 0;content-visibility:auto;contain-intrinsic-size:auto 4.6rem}
    .card[data-severity=failure]{border-left-color:var(--bad)}.card[data-severity=warning]{border-left-color:var(--warn)}
    .card[data-severity=none]{border-left-color:var(--good)}
    .card>summary{cursor:pointer;padding:.6rem .9rem;list-style-position:outside}.card>summary b{font-size:1.05rem}
    .card>summary small{display:block;color:var(--soft);overflow-wrap:anywhere;font-size:.9rem}
    .body{padding:0 .9rem 1rem;overflow-wrap:anywhere}
    .badge{font-weight:700;font-size:.82rem;letter-spacing:.03em;margin-right:.4rem;white-space:nowrap}
    .failure{color:var(--bad)}.warning{color:var(--warn)}.none{color:var(--good)}
    .proof{list-style:none;margin:0;padding:0}.proof li{padding:.2rem .5rem;border-radius:.3rem;border-left:3px solid transparent}
    .proof li[tabindex]{cursor:pointer}.proof li.on,.proof li[tabindex]:hover{background:var(--lit);border-left-color:var(--accent)}
    .frames{font:600 .85rem ui-monospace,monospace;color:var(--soft)}
    .code{display:flex;gap:.5rem;align-items:flex-start;margin:.25rem 0 .6rem}
    code,pre{font:.87rem/1.45 ui-monospace,SFMono-Regular,Menlo,monospace}.code code{flex:1;background:var(--code);
    padding:.35rem .6rem;border-radius:.3rem;overflow-wrap:anywhere;white-space:pre-wrap}
    pre{background:var(--code);padding:.6rem;border-radius:.3rem;overflow:auto;max-height:26rem;white-space:pre-wrap}
    .scroll{overflow-x:auto}dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:0}
    dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
    table{border-collapse:collapse;width:100%;font-size:.87rem}th,td{text-align:left;padding:.2rem .6rem .2rem 0;
    border-bottom:1px solid var(--line);vertical-align:top}td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
    tr.lit td{background:var(--lit)}.body details>summary{cursor:pointer;margin:.9rem 0 .3rem;color:var(--accent)}
    svg{display:block;max-width:100%;height:auto;font:12px system-ui,sans-serif}svg text{fill:var(--ink)}svg .soft{fill:var(--soft)}
    svg.ladder,svg.overview{min-width:40rem;width:100%}.life{stroke:var(--line);stroke-width:2}.arrow{stroke:var(--ink);stroke-width:1.5;fill:none}.head{fill:var(--ink)}
    .again .arrow{stroke-dasharray:5 4;stroke:var(--warn)}.again .head,.again text{fill:var(--warn)}
    .reset .arrow{stroke:var(--bad);stroke-width:2.5}.reset .head,.reset text{fill:var(--bad)}.cross{stroke:var(--bad);stroke-width:2.5;fill:none}
    .silence text{fill:var(--soft);font-style:italic}.wave{stroke:var(--soft);stroke-width:1.5;fill:none;stroke-dasharray:2 3}
    .glow{fill:none}.lit .glow{fill:var(--lit);stroke:var(--accent)}.lit text{font-weight:700}
    .band{opacity:.16}.mark{stroke:none}.inferred text.label{font-style:italic}
    .f-udp{fill:var(--p-udp)}.f-tcp{fill:var(--p-tcp)}.f-x224{fill:var(--p-x224)}.f-tls{fill:var(--p-tls)}.f-credssp{fill:var(--p-credssp)}
    .f-mcs{fill:var(--p-mcs)}.f-security{fill:var(--p-security)}.f-licensing{fill:var(--p-licensing)}
    .f-capabilities{fill:var(--p-capabilities)}.f-session{fill:var(--p-session)}
    .hush{fill:var(--soft);opacity:.35}.hush-edge{stroke:var(--soft);fill:none;stroke-dasharray:3 2}.grid{stroke:var(--line)}
    .legend{display:flex;flex-wrap:wrap;gap:.2rem .9rem;font-size:.85rem;margin:.4rem 0;color:var(--soft)}.legend svg{display:inline;width:12px;height:12px;
    vertical-align:-1px;min-width:0;margin-right:.25rem}
    .sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
    @media (max-width:40rem){header,main,footer{padding:.7rem}.top{flex-direction:column;gap:.3rem}.controls{position:static}dl{grid-template-columns:1fr}dt{margin-top:.4rem}
    .code{flex-direction:column}.code code{width:100%}.controls label{flex:1 1 9rem}.controls label>*{width:100%}}
    @media print{:root{--bg:#fff}.controls,button,#count{display:none!important}body{font-size:11pt}.card{break-inside:avoid-page;content-visibility:visible}
    .card[open]{break-inside:auto}.scroll{overflow:visible}svg.ladder,svg.overview{min-width:0}pre{max-height:none}}
    @media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}

    """
}
