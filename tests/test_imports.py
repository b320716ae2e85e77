"""Imports run one way, `api → qa → index`, and what is heavy waits until it is used."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("index", "qa", "api")  # each may import what stands before it
HEAVY = {"torch", "sentence_transformers", "transformers", "faiss", "tantivy", "ir_measures"}
HEAVY |= {"sentencex", "py3langid", "sklearn", "scipy"}
MODULES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def imported(node: ast.AST, *, run_at_import: bool = False) -> Iterator[str]:
    """The names of imported modules; `run_at_import` leaves out functions and type checks."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names)
        elif isinstance(child, ast.ImportFrom) and not child.level:
            yield child.module or ""
        skipped = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) or (
            isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING")
        )
        if not (run_at_import and skipped):
            yield from imported(child, run_at_import=run_at_import)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_packages_below_it_by_their_doorway_and_nothing_heavy(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    package = path.relative_to(ROOT).parts[0]
    below = PACKAGES[: PACKAGES.index(package)]
    others = {n for n in imported(tree) if n.split(".")[0] in {*PACKAGES, "tests"} - {package}}
    assert others <= set(below)
    assert not {n.split(".")[0] for n in imported(tree, run_at_import=True)} & HEAVY


def test_importing_every_package_and_the_command_line_loads_nothing_heavy() -> None:
    code = "import sys, index, qa, api.cli; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert not set(done.stdout.split()) & HEAVY
