"""Reads exports with programs that are not ours. Usage: check.py PART EXPORTS TOOLS. The part csv needs Python alone."""

import base64
import csv
import io
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

EXPORTS, TOOLS = pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])


def skip(why):
    print(f"SKIPPED: {sys.argv[1]}: {why}")


def table(name):
    raw = (EXPORTS / name).read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf"), f"{name}: no byte order mark"
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), strict=True))
    widths = {len(row) for row in rows}
    assert len(widths) == 1, f"{name}: rows of {widths} cells"
    for cell in (cell for row in rows for cell in row):
        number = re.fullmatch(r"-?\d+(\.\d+)?", cell)
        assert number or cell[:1] not in ("=", "+", "-", "@", "\t", "\r"), f"{name}: a spreadsheet would run {cell!r}"
    return rows


def figure(entry):
    """The figure of an entry, computed from the gradebook as its documentation says."""
    score = entry["score"]
    settled = entry["state"] in ("graded", "unusable", "refused") and score and score["final"]
    if not settled or score["total"]["low"] != score["total"]["high"]:
        return None
    return min(100, score["total"]["points"])


def read_csv():
    book = json.loads((EXPORTS / "gradebook.json").read_text("utf-8"))
    wanted = {(e["learner"], e["assignment"]): figure(e) for e in book["entries"]}
    learners = {learner["id"]: learner for learner in book["roster"]["learners"]}
    titles = {a["title"]["ko"]: a["id"] for a in book["assignments"]}
    same = lambda cell, points: (float(cell) if cell else None) == points

    head, *rows = table("long.csv")
    rows = [dict(zip(head, row)) for row in rows]
    assert {(row["learner"], row["assignment"]) for row in rows} == set(wanted)
    for row in rows:
        assert same(row["score"], wanted[row["learner"], row["assignment"]]), row
    assert len({row["name"] for row in rows}) == len(learners)

    head, possible, *rows = table("canvas.csv")
    assert head[:5] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"], head
    assert possible[0].strip() == "Points Possible" and possible[head.index(next(iter(titles)))] == "100"
    by_sis = {learner["sisId"]: learner["id"] for learner in learners.values()}
    for row in rows:
        for title, assignment in titles.items():
            assert same(row[head.index(title)], wanted[by_sis[row[2]], assignment]), row

    head, *rows = table("moodle.csv")
    for row in rows:
        for title, assignment in titles.items():
            at = head.index(title)
            assert same(row[at], wanted[by_sis[row[0]], assignment]), row
            assert row[at + 1], f"no comment: {row}"
    print(f"csv: {len(wanted)} figures in three tables are those of the gradebook")


def read_junit():
    schema = TOOLS / "schemas" / "junit-10.xsd"
    if not schema.is_file():
        return skip("the schema could not be had")
    import xml.etree.ElementTree as tree

    import xmlschema

    schema = xmlschema.XMLSchema(schema)
    for file in sorted(EXPORTS.glob("*.junit.xml")):
        root = tree.parse(file).getroot()
        # Two things that CI systems read and this schema is too old for: the number of skipped tests over all suites, and properties
        # of a test case.
        root.attrib.pop("skipped")
        for case in root.iter("testcase"):
            for properties in case.findall("properties"):
                case.remove(properties)
        schema.validate(root)
        count = lambda name: sum(case.find(name) is not None for case in root.iter("testcase"))
        assert [root.get("failures"), root.get("errors")] == [str(count("failure")), str(count("error"))], file
    print("junit: valid, and the numbers are those of the cases")


def read_ctrf():
    schema = TOOLS / "schemas" / "ctrf.json"
    if not schema.is_file():
        return skip("the schema could not be had")
    import jsonschema

    validator = jsonschema.Draft7Validator(json.loads(schema.read_text("utf-8")))
    for file in sorted(EXPORTS.glob("*.ctrf.json")):
        validator.validate(json.loads(file.read_text("utf-8")))
    print("ctrf: valid by the published schema")


def read_gradescope():
    """Gradescope publishes no schema: the fields and values that its documentation names."""
    fields = {"score", "execution_time", "output", "output_format", "visibility", "stdout_visibility", "tests", "extra_data"}
    of_tests = {"score", "max_score", "status", "name", "name_format", "number", "output", "tags", "visibility", "extra_data"}
    seen = {"visible", "hidden", "after_due_date", "after_published"}
    for file in sorted(EXPORTS.glob("*.gradescope.json")):
        results = json.loads(file.read_text("utf-8"))
        assert set(results) <= fields and results["visibility"] in seen and results["stdout_visibility"] in seen, file
        for test in results["tests"]:
            assert set(test) <= of_tests and test["visibility"] in seen and test.get("status", "passed") in ("passed", "failed"), test
            assert 0 <= test.get("score", 0) <= test.get("max_score", 0) and isinstance(test["number"], str), test
            assert all(isinstance(tag, str) for tag in test["tags"]), test
        assert ("score" in results) == results["extra_data"]["final"], file
    print("gradescope: the documented fields and values")


def read_statement():
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    envelope = json.loads((EXPORTS / "result.intoto.json").read_text("utf-8"))
    payload, kind = base64.b64decode(envelope["payload"], validate=True), envelope["payloadType"]
    message = b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(payload), payload)
    key = load_pem_public_key((EXPORTS / "signing.pub.pem").read_bytes())
    key.verify(base64.b64decode(envelope["signatures"][0]["sig"], validate=True), message)
    assert json.loads(payload)["predicateType"].startswith("https://in-toto.io/attestation/test-result/")
    print("statement: another library finds the signature good")


def read_html():
    chromium = shutil.which("chromium")
    if not chromium:
        return skip("chromium is not installed")
    pages = sorted(EXPORTS.glob("*.html"))
    for page in pages:
        width = 1280 if page.name.startswith("cohort") else 900
        browser(chromium, page, f"--screenshot={page.with_suffix('.png')}", f"--window-size={width},2600", "--hide-scrollbars")
        assert page.with_suffix(".png").stat().st_size > 20_000, f"{page}: an empty picture"
        dom = browser(chromium, page, "--dump-dom")
        assert dom.count("<main") == 2 and "�" not in dom, page
        browser(chromium, page, f"--print-to-pdf={page.with_suffix('.pdf')}", "--no-pdf-header-footer")
        assert page.with_suffix(".pdf").read_bytes().startswith(b"%PDF"), page
    print(f"html: {len(pages)} pages in Chromium, on the screen and printed")


def browser(chromium, page, *options):
    with tempfile.TemporaryDirectory() as profile:
        command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
        command += ["--disable-background-networking", "--disable-component-update", "--disable-sync", f"--user-data-dir={profile}"]
        # A page that asks for anything from anywhere is no page that works offline.
        command += ["--host-resolver-rules=MAP * ~NOTFOUND", *options, page.as_uri()]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, f"{page}: {done.stderr[-2000:]}"
    return done.stdout


{
    "csv": read_csv,
    "junit": read_junit,
    "ctrf": read_ctrf,
    "gradescope": read_gradescope,
    "statement": read_statement,
    "html": read_html,
}[sys.argv[1]]()
