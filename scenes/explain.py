"""From a pydantic error to a problem with a place in the show file and a sentence to act on."""

from __future__ import annotations

import types
import typing
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from .errors import Problem, YamlPath, advised, dotted, listing, nearest_name, quoted
from .yaml_source import YamlSource


def explain(error: ValidationError, model: type[BaseModel], source: YamlSource) -> list[Problem]:
    """Return one problem for each error that pydantic found.

    Parameters
    ----------
    error : pydantic.ValidationError
        From validating ``source.data`` as `model`.
    model : type
        The model of the whole document.
    source : YamlSource

    Returns
    -------
    list of Problem
    """
    problems = []
    details = error.errors(include_url=False)
    for detail in details:
        if detail["type"] == "too_short" and any(_inside(other["loc"], detail["loc"]) for other in details):
            # pydantic counts only the items that are right; the wrong ones have their own problems.
            continue
        path: YamlPath = tuple(step for step in detail["loc"] if step != "[key]")
        path += tuple(detail.get("ctx", {}).get("at", ()))
        message, allowed, nearest = _sentence(detail, path, model, source)
        path = source.standing(path)
        at_key = detail["type"] == "extra_forbidden" or "[key]" in detail["loc"]
        line, column = source.locate(path, key=at_key)
        found = str(path[-1]) if at_key else source.found(path)
        problems.append(Problem(source.file, line, column, dotted(path), found, allowed, nearest, message))
    return problems


def _inside(path: YamlPath, around: YamlPath) -> bool:
    return len(path) > len(around) and path[: len(around)] == around


_EXPECTED = {
    "model_type": "a mapping { key: value } is expected",
    "dict_type": "a mapping { name: … } is expected",
    "tuple_type": "a list [ … ] is expected",
    "bool_type": "true or false is expected",
    "int_type": "a whole number is expected",
    "float_type": "a number is expected",
}
_LIMITS = {
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "less_than": "must be less than {lt}",
    "too_short": "needs at least {min_length}; found {actual_length}",
    "too_long": "takes at most {max_length}; found {actual_length}",
}


def _sentence(
    detail: ErrorDetails, path: YamlPath, model: type[BaseModel], source: YamlSource
) -> tuple[str, str, str | None]:
    """Return the message, what is allowed, and the nearest name."""
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "show":
        subject = f"{quoted(source.found(source.standing(path)))} " if context["of_value"] else ""
        return subject + detail["msg"], context["allowed"], context["nearest"]
    message, names = detail["msg"], list[str]()
    standing = source.standing(path)
    found = source.found(standing)
    if kind == "extra_forbidden":
        names, found = _keys_at(model, path[:-1]), str(path[-1])
        message = f"no key {quoted(found)} here"
    elif kind == "literal_error":
        names = _literals_at(model, path)
        message = f"{quoted(found)} is not known here"
    elif kind == "missing":
        message = f"the key {quoted(path[-1])} is missing"
    elif kind in _EXPECTED:
        what = quoted(found) if source.texts.get(standing) else found or "nothing"
        message = f"{_EXPECTED[kind]}, not {what}"
    elif kind in _LIMITS:
        message = _LIMITS[kind].format(**context)
        if standing in source.texts:
            message = f"{quoted(found)} {message}"
    nearest = nearest_name(found, names)
    return advised(message, allowed=listing(names), nearest=nearest), listing(names), nearest


def _models_in(annotation: Any) -> list[Any]:
    """Return the annotation without `Annotated` and `None`, unions taken apart."""
    if typing.get_origin(annotation) is typing.Annotated:
        return _models_in(typing.get_args(annotation)[0])
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return [part for option in typing.get_args(annotation) for part in _models_in(option)]
    return [annotation]


def _annotations_at(model: Any, path: YamlPath) -> list[Any]:
    """Return what may stand at `path`, following fields, names and items."""
    current = [model]
    for step in path:
        following: list[Any] = []
        for annotation in current:
            if isinstance(annotation, type) and issubclass(annotation, BaseModel):
                for name, info in annotation.model_fields.items():
                    if step == (info.alias or name):
                        following += _models_in(info.annotation)
                continue
            arguments = typing.get_args(annotation)
            if typing.get_origin(annotation) is dict:
                following += _models_in(arguments[1])
            elif typing.get_origin(annotation) is tuple:
                following += _models_in(arguments[0])
        current = following
    return current


def _keys_at(model: type[BaseModel], path: YamlPath) -> list[str]:
    return [
        info.alias or name
        for annotation in _annotations_at(model, path)
        if isinstance(annotation, type) and issubclass(annotation, BaseModel)
        for name, info in annotation.model_fields.items()
    ]


def _literals_at(model: type[BaseModel], path: YamlPath) -> list[str]:
    return [
        str(value)
        for annotation in _annotations_at(model, path)
        if typing.get_origin(annotation) is typing.Literal
        for value in typing.get_args(annotation)
    ]
