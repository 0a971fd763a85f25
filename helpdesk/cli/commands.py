"""The list of commands that each file of this folder adds its own to."""

import argparse
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    Commands: TypeAlias = argparse._SubParsersAction[argparse.ArgumentParser]
else:  # argparse's class takes no parameter at run time before Python 3.14
    Commands: TypeAlias = argparse._SubParsersAction
