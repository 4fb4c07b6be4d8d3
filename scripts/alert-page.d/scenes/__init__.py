"""The scenes, a file for each tool or for those that are alike."""

import importlib
import pkgutil


def all_stages():
    """The stages of all files, in the order of the page: crashes first."""
    names = sorted((module.name for module in pkgutil.iter_modules(__path__)),
                   key=lambda name: (name != "crashmail", name))
    return [stage for name in names for stage in importlib.import_module(f"scenes.{name}").stages()]
