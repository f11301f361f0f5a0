namespace LongWriter.Benchmarking.Reports;

/// <summary>The style sheet. The eight colours keep 3 : 1 against their ground and stay apart for colour-blind readers; marks differ in shape as well.</summary>
internal static class HtmlStyle
{
    public const string Css = """

        :root { color-scheme: light dark; --ground: #fff; --ink: #1b1e23; --soft: #5b626d; --line: #d9dde3; --panel: #f5f6f8;
          --s0: #0066b0; --s1: #c44f00; --s2: #00795a; --s3: #a8327f; --s4: #806500; --s5: #4b4ba8; --s6: #5c5c5c; --s7: #8f1d1d; }
        @media (prefers-color-scheme: dark) { :root { --ground: #14171b; --ink: #e7e9ec; --soft: #a2aab5; --line: #343a43; --panel: #1d2127;
          --s0: #5fb2f2; --s1: #ff9a52; --s2: #43cfa5; --s3: #f08fc8; --s4: #e0c341; --s5: #a9a8ff; --s6: #c4c4c4; --s7: #ff8f8f; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; padding: 24px 20px 64px; max-width: 1160px; background: var(--ground); color: var(--ink);
          font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Microsoft YaHei", "DejaVu Sans", sans-serif;
          font-variant-numeric: tabular-nums; overflow-wrap: break-word; }
        h1 { font-size: 26px; line-height: 1.2; margin: 0 0 4px; }
        h2 { font-size: 17px; margin: 32px 0 8px; }
        header p, .notes { color: var(--soft); margin: 0; }
        .notes { font-size: 14px; margin-top: 16px; }
        .notes ul { margin: 0 0 8px; padding-left: 20px; }
        .notes p { margin: 0; }
        .band { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(320px, 100%), 1fr)); gap: 12px; margin-top: 20px; }
        .card { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: 12px 16px; min-width: 0; }
        .card h2 { margin: 0 0 8px; font-size: 16px; overflow-wrap: anywhere; }
        .card h2 svg { vertical-align: -1px; }
        .card dl { display: flex; flex-wrap: wrap; gap: 8px 22px; margin: 0; align-items: flex-end; }
        .figure dt { font-size: 12px; color: var(--soft); }
        .figure dd { margin: 0; }
        .large dd { font-size: 24px; line-height: 1.2; font-weight: 600; }
        .large small { font-size: 15px; font-weight: 400; color: var(--soft); }
        .plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(440px, 100%), 1fr)); gap: 28px 32px; margin-top: 28px; align-items: start; }
        figure { margin: 0; min-width: 0; break-inside: avoid; }
        figure h2 { margin: 0 0 4px; }
        figure > svg { display: block; width: 100%; max-width: 560px; height: auto; }
        figcaption { font-size: 13px; color: var(--soft); max-width: 560px; }
        a { color: var(--s0); }
        svg text { font-size: 12px; fill: var(--ink); }
        svg .soft { fill: var(--soft); }
        svg .axis { stroke: var(--soft); fill: none; }
        svg .grid { stroke: var(--line); fill: none; }
        svg .ideal { stroke: var(--soft); stroke-dasharray: 5 4; fill: none; }
        svg .mark { stroke: var(--ground); stroke-width: .7; }
        svg .open { fill: var(--ground); stroke-width: 1.4; }
        svg .thin { fill: none; stroke-width: .8; opacity: .3; }
        svg .bold { fill: none; stroke-width: 2.6; stroke-linejoin: round; }
        svg .range { stroke-width: 1.6; opacity: .55; }
        svg .error { stroke: var(--ink); stroke-width: 1.3; fill: none; }
        svg .inside { fill: var(--ground); }
        .f0 { fill: var(--s0); } .f1 { fill: var(--s1); } .f2 { fill: var(--s2); } .f3 { fill: var(--s3); }
        .f4 { fill: var(--s4); } .f5 { fill: var(--s5); } .f6 { fill: var(--s6); } .f7 { fill: var(--s7); }
        .l0 { stroke: var(--s0); } .l1 { stroke: var(--s1); } .l2 { stroke: var(--s2); } .l3 { stroke: var(--s3); }
        .l4 { stroke: var(--s4); } .l5 { stroke: var(--s5); } .l6 { stroke: var(--s6); } .l7 { stroke: var(--s7); }
        .wide { overflow-x: auto; }
        table { border-collapse: collapse; font-size: 14px; }
        th, td { padding: 4px 12px 4px 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); max-width: 420px; overflow-wrap: anywhere; min-width: 48px; }
        thead th { color: var(--soft); font-weight: 500; vertical-align: bottom; overflow-wrap: normal; }
        tbody th { font-weight: 500; }
        .n { text-align: right; white-space: nowrap; overflow-wrap: normal; }
        thead .n { white-space: normal; }
        .t { min-width: 90px; }
        .p { min-width: 240px; }
        section > details { margin-top: 24px; }
        summary { cursor: pointer; font-size: 17px; font-weight: 600; }
        pre { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: 12px; white-space: pre-wrap; overflow-wrap: anywhere; }
        @media print { body { max-width: none; padding: 0; font-size: 11px; } details::details-content { content-visibility: visible; height: auto; }
          .wide { overflow: visible; } tr { break-inside: avoid; } .plots { grid-template-columns: 1fr 1fr; } }

        """;
}
