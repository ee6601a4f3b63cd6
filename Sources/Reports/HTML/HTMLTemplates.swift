/// The templates of the report (Mustache).
///
/// `{{x}}` is encoded; nothing from the wire stands in
/// `{{{x}}}`.
enum HTMLTemplates {
  static let head = """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="{{policy}}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="generator" content="rdpscope {{version}}">
    <meta name="referrer" content="no-referrer">
    <title>{{headline}} - rdpscope</title>
    <style>{{{style}}}</style>
    </head>
    <body>
    <header>
    <div class="top"><div><h1>{{headline}}</h1>
    <p class="soft">{{subtitle}}</p></div>
    <button type="button" id="theme">Light or dark</button></div>
    {{#baseline}}<p>{{baseline}}</p>{{/baseline}}
    </header>
    <main>
    <section aria-labelledby="summary"><h2 id="summary">Summary</h2>
    <div class="tiles">
    <div class="tile failure"><b>{{failures}}</b>✖ failed</div>
    <div class="tile warning"><b>{{warnings}}</b>▲ warned</div>
    <div class="tile none"><b>{{worked}}</b>✔ worked</div>
    <div class="tile"><b>{{connectionCount}}</b>{{connectionNoun}}</div>
    </div>
    <p class="soft">The first three count attempts: a client's connection together with its retries.</p>
    <h3>Families</h3>
    <div class="families">{{#families}}
    <button type="button" data-family="{{id}}" aria-pressed="false"><b>{{count}}</b><span>{{name}}</span></button>{{/families}}
    </div>
    {{#unreached}}<details{{#open}} open{{/open}}><summary>{{count}} without a connection</summary>
    <ul class="plain">{{#attempts}}<li><span class="badge {{severity}}">{{badge}}</span><b>{{title}}</b>: {{client}} to {{server}}
    <ul>{{#evidence}}<li>{{place}}{{text}}</li>{{/evidence}}</ul>
    {{#remedies}}<p>{{where}}: {{text}}</p>{{/remedies}}</li>{{/attempts}}</ul></details>{{/unreached}}
    </section>
    <section><details class="captures"{{#showsCaptures}} open{{/showsCaptures}}><summary>{{captureCount}} over time</summary>
    {{#captures}}
    <section><h2>{{path}}</h2>
    <p class="soft">{{facts}}</p>
    {{#captureWarnings}}<p class="warning">▲ {{.}}</p>{{/captureWarnings}}
    {{#overview}}
    <div class="scroll"><svg class="overview" viewBox="0 0 1000 {{height}}" width="1000" height="{{height}}" role="img" aria-label="{{label}}">
    {{#ticks}}<line class="grid" x1="{{x}}" y1="16" x2="{{x}}" y2="{{height}}"/><text class="soft" x="{{x}}" y="11">{{text}}</text>{{/ticks}}
    {{#bars}}<a href="#{{id}}"><title>{{title}}</title>{{#spans}}<rect class="f-{{phase}}" x="{{x}}" y="{{y}}" width="{{width}}" height="9"/>{{/spans}}{{#cross}}<path class="cross" d="{{cross}}"/>{{/cross}}</a>
    {{/bars}}{{#hosts}}<text class="soft" x="0" y="{{textY}}">{{name}} silent:</text>{{#silences}}<rect class="hush" x="{{x}}" y="{{y}}" width="{{width}}" height="9"/><rect class="hush-edge" x="{{x}}" y="{{y}}" width="{{width}}" height="9"><title>{{title}}</title></rect>{{/silences}}{{/hosts}}
    </svg></div>
    <p class="legend" aria-hidden="true">{{#legend}}<span><svg viewBox="0 0 12 12"><rect class="f-{{.}}" width="12" height="12"/></svg>{{.}}</span>{{/legend}}
    <span><svg viewBox="0 0 12 12"><path class="cross" d="M2 2 10 10M10 2 2 10"/></svg>failure</span>
    <span><svg viewBox="0 0 12 12"><rect class="hush" width="12" height="12"/><rect class="hush-edge" width="12" height="12"/></svg>host silent</span></p>
    {{#omitted}}<p class="soft">{{omitted}}</p>{{/omitted}}
    {{/overview}}</section>
    {{/captures}}
    </details></section>
    <section aria-labelledby="connections"><h2 id="connections">Connections</h2>
    <div class="controls">
    <label class="grow">Search <input id="words" type="search" placeholder="address, user, cause, stream…"></label>
    <label>Verdict <select id="severity"><option value="">all</option><option value="failure">failed</option><option value="warning">warned</option><option value="none">worked</option></select></label>
    <label>Order <select id="order"><option value="severity">worst first</option><option value="start">by time</option><option value="duration">longest first</option><option value="family">by family</option></select></label>
    <button type="button" id="fold">Open or fold all</button>
    </div>
    <p id="count" role="status"></p>
    <div id="cards">

    """

  static let card = """
    <details class="card" id="{{id}}" data-index="{{index}}" data-severity="{{severity}}" data-family="{{family}}" data-start="{{start}}" data-seconds="{{seconds}}" data-text="{{search}}"{{#open}} open{{/open}}>
    <summary><span class="badge {{severity}}">{{badge}}</span><b>{{title}}</b> <span class="soft">({{certainty}})</span>
    <small>{{client}} → {{server}}, {{stream}}, {{startText}}, {{duration}}{{#user}}, {{user}}{{/user}}{{#role}}, {{role}}{{/role}}</small></summary>
    <div class="body">
    <p>{{explanation}}</p>
    <h3>Proof</h3>
    <ul class="proof">{{#evidence}}<li{{#frames}} tabindex="0" data-frames="{{frames}}"{{/frames}}>{{#place}}<span class="frames">{{place}}</span> {{/place}}{{text}}</li>{{/evidence}}</ul>
    {{#hasAgainst}}<h3>Against it</h3>
    <ul class="proof">{{#against}}<li{{#frames}} tabindex="0" data-frames="{{frames}}"{{/frames}}>{{#place}}<span class="frames">{{place}}</span> {{/place}}{{text}}</li>{{/against}}</ul>{{/hasAgainst}}
    {{#hasRemedies}}<h3>Do this</h3>
    {{#remedies}}<p><b>{{where}}</b>: {{text}}</p>{{#command}}<div class="code"><code>{{command}}</code><button type="button" class="copy">Copy</button></div>{{/command}}{{/remedies}}{{/hasRemedies}}
    {{#wouldSettle}}<h3>This would settle it</h3><p>{{wouldSettle}}</p>{{/wouldSettle}}
    {{#alternatives}}<h3>Also possible</h3><p>{{alternatives}}</p>{{/alternatives}}
    {{#clientCodes}}<h3>Users see</h3><p>{{clientCodes}}</p>{{/clientCodes}}
    {{#filter}}<h3>In Wireshark</h3><div class="code"><code>{{filter}}</code><button type="button" class="copy">Copy</button></div>{{/filter}}
    {{#ladder}}<h3>What happened</h3>
    <div class="scroll"><svg class="ladder" viewBox="0 0 900 {{height}}" width="900" height="{{height}}" role="img" aria-label="{{label}}">
    {{#bands}}<rect class="band f-{{phase}}" x="0" y="{{y}}" width="900" height="{{height}}"/><rect class="f-{{phase}}" x="0" y="{{y}}" width="5" height="{{height}}"/><text class="soft" x="11" y="{{textY}}">{{phase}}</text>{{/bands}}
    {{#lives}}<line class="life" x1="{{x}}" y1="24" x2="{{x}}" y2="{{bottom}}"/><text x="{{x}}" y="15" text-anchor="middle">{{name}}</text>{{/lives}}
    {{#steps}}<g class="{{kind}}"{{#frame}} data-frame="{{frame}}"{{/frame}}><title>{{title}}</title><rect class="glow" x="90" y="{{top}}" width="805" height="25" rx="4"/>{{#time}}<text class="soft" x="196" y="{{base}}" text-anchor="end">{{time}}</text><text class="soft" x="258" y="{{base}}" text-anchor="end">{{frame}}</text>{{/time}}{{#line}}<path class="arrow" d="{{line}}"/><path class="head" d="{{head}}"/>{{/line}}{{#cross}}<path class="cross" d="{{cross}}"/>{{/cross}}{{#wave}}<path class="wave" d="{{wave}}"/>{{/wave}}<text class="label" x="{{middle}}" y="{{labelY}}" text-anchor="middle">{{label}}</text></g>
    {{/steps}}</svg></div>{{/ladder}}
    <h3>Facts</h3>
    <dl>{{#facts}}<dt>{{name}}</dt><dd>{{value}}</dd>{{/facts}}</dl>
    <details><summary>All facts, as in the JSON report</summary><pre>{{json}}</pre></details>
    {{#timeline}}<details><summary>Raw timeline ({{count}})</summary>
    <div class="scroll"><table><thead><tr><th scope="col">seconds</th><th scope="col">frame</th><th scope="col">from</th><th scope="col">phase</th><th scope="col">what</th></tr></thead><tbody>
    {{#rows}}<tr{{#frame}} data-frame="{{frame}}"{{/frame}}><td class="n">{{time}}</td><td class="n">{{frame}}</td><td>{{by}}</td><td>{{phase}}</td><td>{{what}}</td></tr>
    {{/rows}}</tbody></table></div></details>{{/timeline}}
    </div></details>

    """

  static let foot = """
    </div></section>
    </main>
    <footer class="soft"><p>Made by rdpscope {{version}}. This file loads nothing from anywhere.</p></footer>
    <script>{{{script}}}</script>
    </body>
    </html>

    """
}
