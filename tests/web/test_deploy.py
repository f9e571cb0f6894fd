"""deploy/: its files against the programs that read them, as far as these are here."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
import yaml

from tests.product import PATIENCE, PLAIN
from web.settings import ROOT

DEPLOY = ROOT / "deploy"
CHART = DEPLOY / "helm" / "xiaohu"
SETTINGS = re.compile(r"\b(XIAOHU_[A-Z_]+|DATABASE_URL|REDIS_URL|SECRET_KEY)\b")
SCOPES = {"Release": {"Name": "xiaohu"}}


def named(text: str) -> set[str]:
    """Find the numbers that a board or rules ask for, as families."""
    found = set(re.findall(r"\bxiaohu_[a-z_]+", text))
    return {re.sub(r"_bucket$", "", name) for name in found}


def test_board_and_alerts_ask_for_numbers_that_web_gives(client) -> None:
    given = set(re.findall(r"^# TYPE (\w+)", client.get("/metrics").get_data(as_text=True), re.M))
    for name in ("board.json", "alerts.yml"):
        asked = named((DEPLOY / "monitoring" / name).read_text(encoding="utf-8"))
        assert asked
        assert asked - given == set(), name


def test_every_alert_has_what_to_do_in_the_handbook() -> None:
    rules = yaml.safe_load((DEPLOY / "monitoring" / "alerts.yml").read_text(encoding="utf-8"))
    handbook = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    for rule in rules["groups"][0]["rules"]:
        assert f"**{rule['alert']}**" in handbook, rule["alert"]


def test_no_file_sets_what_nothing_reads() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    known = set(re.findall(r"`([A-Z_]+)`", readme))
    for path in DEPLOY.rglob("*"):
        if path.is_file():
            said = set(SETTINGS.findall(path.read_text(encoding="utf-8")))
            assert said - known == set(), path.relative_to(ROOT)


@pytest.mark.skipif(not shutil.which("nginx"), reason="no nginx on this machine")
def test_nginx_takes_its_file(tmp_path: Path) -> None:
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj",
         "/CN=help.example", "-keyout", "privkey.pem", "-out", "fullchain.pem"],
        cwd=tmp_path, check=True, capture_output=True,
    )  # fmt: skip
    text = (DEPLOY / "compose" / "nginx.conf").read_text(encoding="utf-8")
    text = text.replace("/etc/nginx/tls", str(tmp_path)).replace("server web:", "server 127.0.0.1:")
    (tmp_path / "nginx.conf").write_text(f"pid {tmp_path}/pid;\n{text}", encoding="utf-8")
    command = ["nginx", "-t", "-c", str(tmp_path / "nginx.conf"), "-p", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd on this machine")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    for path in (DEPLOY / "systemd").iterdir():
        text = path.read_text(encoding="utf-8").replace("/opt/xiaohu/", f"{ROOT}/")
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    command = ["systemd-analyze", "verify", *map(str, sorted(tmp_path.iterdir()))]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def value(path: str, scope: dict[str, Any]) -> Any:
    for part in path.lstrip(".").split("."):
        scope = scope[part]
    return scope


def render(text: str, values: dict[str, Any]) -> list[Any]:
    """Fill a template of ours: values, toJson, if, and range over a mapping; nothing else."""
    scope = {**SCOPES, "Values": values}

    def repeat(match: re.Match[str]) -> str:
        rows = value(match[1], scope).items()
        body = match[2].replace("{{ $value | quote }}", "\0")
        return "".join(body.replace("{{ $name }}", n).replace("\0", json.dumps(v)) for n, v in rows)

    text = re.sub(
        r"\s*\{\{- range \$name, \$value := (\S+) \}\}(.*?)\s*\{\{- end \}\}",
        repeat,
        text,
        flags=re.S,
    )

    def choose(match: re.Match[str]) -> str:
        return match[2] if value(match[1], scope) else ""

    text = re.sub(
        r"\s*\{\{- if (\S+) \}\}((?:(?!\{\{- if).)*?)\s*\{\{- end \}\}", choose, text, flags=re.S
    )
    text = re.sub(r"\{\{ toJson (\S+) \}\}", lambda match: json.dumps(value(match[1], scope)), text)
    text = re.sub(r"\{\{ (\.\S+) \}\}", lambda match: str(value(match[1], scope)), text)
    assert "{{" not in text, text
    return [one for one in yaml.safe_load_all(text) if one]


def chart(**changes: Any) -> dict[str, list[Any]]:
    values = yaml.safe_load((CHART / "values.yaml").read_text(encoding="utf-8")) | changes
    schema = json.loads((CHART / "values.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    jsonschema.validate(values, schema)
    files = sorted((CHART / "templates").iterdir())
    return {path.name: render(path.read_text(encoding="utf-8"), values) for path in files}


def test_the_charts_values_fit_its_schema_and_wrong_ones_do_not() -> None:
    chart()
    with pytest.raises(jsonschema.ValidationError):
        chart(replicas="two")
    with pytest.raises(jsonschema.ValidationError):
        chart(replica=2)


def test_the_chart_runs_web_and_bot_in_one_pod_without_rights() -> None:
    (deployment,) = chart(settings={"XIAOHU_WORKERS": "2"})["deployment.yaml"]
    pod = deployment["spec"]["template"]["spec"]
    assert [one["args"] for one in pod["containers"]] == [["web"], ["bot"]]
    assert pod["securityContext"]["runAsNonRoot"] is True
    for container in pod["containers"]:
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        assert {"name": "XIAOHU_WORKERS", "value": "2"} in container["env"]
    assert "ports" not in pod["containers"][1]


def test_editors_save_to_what_all_pods_share() -> None:
    files = chart()
    pod = files["deployment.yaml"][0]["spec"]["template"]["spec"]
    claim = files["service.yaml"][1]["metadata"]["name"]
    (shared,) = [one for one in pod["volumes"] if "persistentVolumeClaim" in one]
    assert shared["persistentVolumeClaim"]["claimName"] == claim
    for container in pod["containers"]:
        env = {one["name"]: one["value"] for one in container["env"]}
        mounts = [one for one in container["volumeMounts"] if one["name"] == shared["name"]]
        assert [one["subPath"] for one in mounts] == ["attachments", "content"]
        # in the mount and not the mount itself, which could not be renamed into place
        assert Path(env["XIAOHU_DATA"]).parent == Path(mounts[1]["mountPath"])


def test_only_the_step_migrates_where_there_is_one() -> None:
    assert "XIAOHU_MIGRATE=step" in (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    unit = (DEPLOY / "systemd" / "xiaohu-web.service").read_text(encoding="utf-8")
    assert "XIAOHU_MIGRATE=step" in unit


def test_the_content_begins_as_what_is_shipped_and_is_the_editors_from_then_on(
    tmp_path: Path,
) -> None:
    app, data = tmp_path / "app", tmp_path / "kept" / "data"
    (app / "deploy").mkdir(parents=True)
    shutil.copy2(DEPLOY / "entry", app / "deploy" / "entry")
    shutil.copytree(ROOT / "data" / "faq", app / "data" / "faq")
    (app / ".venv" / "bin").mkdir(parents=True)
    (app / ".venv" / "bin" / "python").symlink_to(shutil.which("true"))

    def start() -> subprocess.Popen[bytes]:
        env = {"PATH": os.environ["PATH"], "XIAOHU_DATA": str(data)}
        return subprocess.Popen([app / "deploy" / "entry", "web"], env=env)

    assert [one.wait(60) for one in [start() for _ in range(6)]] == [0] * 6
    assert [path.name for path in data.parent.iterdir()] == ["data"]
    shipped = sorted(path.relative_to(app / "data") for path in (app / "data").rglob("*"))
    assert sorted(path.relative_to(data) for path in data.rglob("*")) == shipped
    (data / "faq" / "own.md").write_text("小陈写的", encoding="utf-8")
    assert start().wait(60) == 0
    assert (data / "faq" / "own.md").read_text(encoding="utf-8") == "小陈写的"


def test_the_charts_ingress_can_be_left_out() -> None:
    ingress = {"enabled": False, "className": "nginx", "tlsSecret": "x"}
    kinds = [one["kind"] for one in chart(ingress=ingress)["service.yaml"]]
    assert kinds == ["Service", "PersistentVolumeClaim", "PodDisruptionBudget"]
    assert "Ingress" in [one["kind"] for one in chart()["service.yaml"]]


def test_compose_lets_nobody_reach_the_bot_and_writes_to_no_root() -> None:
    services = yaml.safe_load((DEPLOY / "compose" / "compose.yml").read_text("utf-8"))["services"]
    assert services["bot"]["network_mode"] == "service:web"
    for name in ("web", "bot", "migrate"):
        assert services[name]["env_file"] == [".env"]
        assert services[name]["read_only"] is True
        assert "ports" not in services[name]
    assert services["web"]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_the_image_runs_as_nobody_in_particular_with_what_it_copies() -> None:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    assert re.search(r"^USER 10001:10001$", text, re.M)
    for source in re.findall(r"^COPY (?!--from)(\S+)", text, re.M):
        assert (ROOT / source).exists(), source
    (entry,) = json.loads(re.search(r"^ENTRYPOINT (\[.*\])$", text, re.M)[1])
    assert os.access(ROOT / entry.removeprefix("/app/"), os.X_OK)


def test_the_entry_migrates_and_serves_and_says_when_the_step_is_missing(tmp_path: Path) -> None:
    var = tmp_path / "var"
    shutil.copytree(ROOT / "var" / "index", var / "index", symlinks=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {
        **os.environ, "XIAOHU_VAR": str(var), "XIAOHU_PORT": str(port), "XIAOHU_MIGRATE": "step",
        "PYTHONWARNINGS": "ignore",
    }  # fmt: skip

    def entry(*words: str) -> subprocess.Popen[str]:
        command = [str(DEPLOY / "entry"), *words]
        return subprocess.Popen(
            command, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )

    early = entry("web")
    said, _ = early.communicate(timeout=PATIENCE)
    assert early.returncode != 0
    assert "run python -m web migrate first" in said
    assert "Traceback" not in said
    step = entry("migrate")
    assert step.communicate(timeout=PATIENCE)[0].strip().endswith("The database is up to date.")
    web = entry("web")
    try:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                url = f"http://127.0.0.1:{port}/livez"
                if httpx.get(url, timeout=10, trust_env=False, verify=PLAIN).is_success:
                    break
            except httpx.HTTPError:
                time.sleep(0.1)
                assert web.poll() is None
                assert time.monotonic() < deadline
    finally:
        web.terminate()
        assert web.wait(PATIENCE) == 0
