"""What all models of a show share: frozen, strict about names, shorthands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import pydantic
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from .errors import quoted
from .quantities import problem


class Model(BaseModel):
    """A frozen part of a show; keys it does not know are an error."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True, hide_input_in_errors=True
    )


def written(default: str | int | tuple[str, ...]) -> Any:
    """Return a field whose default is given as a user would write it, with its unit."""
    return Field(default=default, validate_default=True)


def _check_name(name: str) -> str:
    if name == "<<":
        raise problem("merge keys (<<) are not read; write the keys out, or reuse a whole value with *name")
    if not name.strip() or len(name) > 64 or not name.isprintable():
        raise problem(f"{quoted(name)} cannot be a name; a name is 1 to 64 printable characters")
    return name


Name = Annotated[str, AfterValidator(_check_name)]


@dataclass(frozen=True)
class Shorthand:
    """Lets a bare value stand for a mapping with one key: ``move: march`` for ``move: { clip: march }``.

    Parameters
    ----------
    key : str
        The key that the bare value is for.
    bare : type or tuple of types
        What is taken as a bare value.
    schema : dict
        JSON Schema of the bare value.
    """

    key: str
    bare: type | tuple[type, ...]
    schema: tuple[tuple[str, str], ...]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Put the bare value under its key before the model sees it."""

        def expand(value: Any) -> Any:
            if isinstance(value, self.bare) and not isinstance(value, bool):
                return {self.key: value}
            return value

        return core_schema.no_info_before_validator_function(expand, handler(source))

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Offer both forms to editors."""
        return {"anyOf": [dict(self.schema), handler(core)]}


def only_one(model: pydantic.BaseModel, names: tuple[str, ...], what: str) -> str:
    """Return which one of the optional fields `names` is set.

    Raises
    ------
    pydantic_core.PydanticCustomError
        When none is, or more than one.
    """
    given = [name for name in names if getattr(model, name) is not None]
    if len(given) == 1:
        return given[0]
    choices = ", ".join(names)
    for name in names:
        if name in model.model_fields_set and getattr(model, name) is None:
            raise problem(
                f"{name!r} has no value (a colour needs quotes, because # starts a comment)", at=(name,)
            )
    if not given:
        raise problem(f"{what} needs one of: {choices}")
    raise problem(f"{what} is one of {choices}; found {' and '.join(given)}", at=(given[1],))


def refuse_strangers(model: pydantic.BaseModel, kind: str, belongs: dict[str, tuple[str, ...]]) -> None:
    """Refuse options that do not go with `kind`; `belongs` gives the kinds for each option."""
    for name, kinds in belongs.items():
        if name in model.model_fields_set and kind not in kinds:
            alias = type(model).model_fields[name].alias or name
            raise problem(f"{alias!r} does not go with {kind!r}, only with {', '.join(kinds)}", at=(alias,))
