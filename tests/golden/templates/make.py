"""Writes python.json, the same renderings as vectors.json, and snippets-python.json, what snippets.json gives, by Jinja2 in the settings that transformers gives it."""
import json
import pathlib

import jinja2
from jinja2.ext import Extension, loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment

HERE = pathlib.Path(__file__).parent


class Generation(Extension):
    """A block that only training looks at."""

    tags = {"generation"}

    def parse(self, parser):
        next(parser.stream)
        return parser.parse_statements(["name:endgeneration"], drop_needle=True)


def refuse(message):
    raise jinja2.exceptions.TemplateError(message)


def to_json(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[Generation, loopcontrols])
environment.filters["tojson"] = to_json
environment.globals["raise_exception"] = refuse

vectors = json.loads((HERE / "vectors.json").read_text(encoding="utf-8"))
cases = []
for case in vectors["cases"]:
    template = environment.from_string((HERE / "families" / f"{case['template']}.jinja").read_text(encoding="utf-8"))
    expected = refusal = None
    try:
        expected = template.render(messages=vectors["conversations"][case["conversation"]], **vectors["settings"][case["setting"]])
    except jinja2.exceptions.TemplateError as problem:
        refusal = problem.message
    except TypeError as problem:
        refusal = f"TypeError: {problem}"
    cases.append({"expected": expected, "refusal": refusal})
messages = vectors["conversations"]["dialogue"]
snippets = json.loads((HERE / "snippets.json").read_text(encoding="utf-8"))
rendered = [environment.from_string(snippet).render(messages=messages) for snippet in snippets]
(HERE / "snippets-python.json").write_text(json.dumps(rendered, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
(HERE / "python.json").write_text(json.dumps(cases, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

differing = [(case, python) for case, python in zip(vectors["cases"], cases) if (case["expected"], case["refusal"]) != (python["expected"], python["refusal"])]
print(f"Jinja2 {jinja2.__version__}: {len(cases)} cases, {len(differing)} not as in vectors.json")
for case, python in differing:
    print(case["template"], case["conversation"], case["setting"], "| npm:", repr(case["refusal"] or case["expected"])[:150], "| python:", repr(python["refusal"] or python["expected"])[:150])
