"""What pre-commit installs out of this repository: a package without a module, which brings the
linter's wheel of the same version.

This is the build backend that pyproject.toml names, by PEP 517. It needs nothing but Python.
"""

import sys
from pathlib import Path

sys.dont_write_bytecode = True
import pack

NAME = "stanchion-pre-commit"


def build_wheel(wheel_directory: str, config_settings=None, metadata_directory=None) -> str:
    """Writes the wheel, and gives its file's name."""
    text = pack.about(
        NAME,
        "Brings stanchion, the linter for Terraform and OpenTofu, to pre-commit",
        [f"Requires-Dist: {pack.NAME}=={pack.version()}"],
        "This is what `.pre-commit-hooks.yaml` of the repository is installed by; elsewhere, install `stanchion`.\n",
    )
    return pack.write(Path(wheel_directory), NAME, "py3-none-any", text, {}).name


def build_sdist(sdist_directory: str, config_settings=None) -> str:
    """Refuses: what would be in it is in the repository."""
    raise SystemExit("there is no source distribution: install stanchion, or clone the repository")
