"""What a function takes: the JSON schema the model is shown, and the check of what the model gave, both by pydantic."""

import inspect
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from litany.errors import ToolError
from litany.loop.tools import docstring
from litany.loop.tools.telling import wrong_arguments
from litany.loop.tools.tool import Asked, Told

Function = Callable[..., object]
KINDS = inspect.Parameter


@dataclass(frozen=True, slots=True)
class Signature:
    """A function's arguments, as the model sees and gives them."""

    name: str
    description: str
    parameters: Mapping[str, object]
    """JSON schema of an object."""
    model: Any
    """pydantic's class of the arguments: a field `a0`, `a1`, ... for each, under the argument's name as its alias."""
    taken: tuple[inspect.Parameter, ...]
    """The arguments in their order."""

    def bound(self, given: Mapping[str, object], asked: Asked) -> tuple[list[object], dict[str, object]]:
        """What the function is called with. Raises: Told when the model's arguments do not fit."""
        from pydantic import ValidationError

        shown = [parameter.name for parameter in self.taken if _shown(parameter)]
        try:
            read = self.model.model_validate(dict(given))
        except ValidationError as error:
            raise Told(wrong_arguments(error.errors(include_url=False), self.name, shown)) from None
        positional: list[object] = []
        named: dict[str, object] = dict(read.model_extra or {})
        for number, parameter in enumerate(self.taken):
            value = asked if parameter.annotation is Asked else getattr(read, f"a{number}", None)
            if parameter.kind is KINDS.POSITIONAL_ONLY:
                positional.append(value)
            elif parameter.kind is not KINDS.VAR_KEYWORD:
                named[parameter.name] = value
        return positional, named


def signature(function: Function, name: str, where: str) -> Signature:
    """The signature of a function. `where`: how an error names it.

    Raises: ToolError when the model cannot be shown it, with what to change.
    """
    taken = _parameters(function, where)
    doc = docstring.read(inspect.getdoc(function), [parameter.name for parameter in taken])
    model = _model(taken, doc.arguments, name, where)
    return Signature(name, doc.text or name.replace("_", " "), _schema(model, where), model, taken)


def _parameters(function: Function, where: str) -> tuple[inspect.Parameter, ...]:
    try:
        found = inspect.signature(function).parameters.values()
        target = function if inspect.isroutine(function) else type(function).__call__
        types = typing.get_type_hints(inspect.unwrap(target), include_extras=True)
    except (NameError, AttributeError, SyntaxError) as error:
        raise ToolError(f"{where}: an annotation cannot be read ({error}); import what it names") from None
    except (TypeError, ValueError) as error:
        raise ToolError(f"{where}: its signature cannot be read ({error}); wrap it in a plain function") from None
    if star := next((parameter for parameter in found if parameter.kind is KINDS.VAR_POSITIONAL), None):
        raise ToolError(f"{where}: a model cannot give *{star.name}; take a list instead")
    return tuple(parameter.replace(annotation=types.get(parameter.name, Any)) for parameter in found)


def _shown(parameter: inspect.Parameter) -> bool:
    return parameter.annotation is not Asked and parameter.kind is not KINDS.VAR_KEYWORD


def _model(taken: tuple[inspect.Parameter, ...], told: Mapping[str, str], name: str, where: str) -> Any:
    from pydantic import ConfigDict, PydanticUserError, create_model

    fields = {f"a{n}": _field(parameter, told) for n, parameter in enumerate(taken) if _shown(parameter)}
    extra: Any = "allow" if any(parameter.kind is KINDS.VAR_KEYWORD for parameter in taken) else "forbid"
    try:
        return create_model(name, __config__=ConfigDict(extra=extra, protected_namespaces=()), **fields)
    except (PydanticUserError, TypeError, ValueError) as error:
        raise ToolError(f"{where}: {_first_line(error)}; annotate it with types that have a JSON form") from None


def _field(parameter: inspect.Parameter, told: Mapping[str, str]) -> Any:
    from pydantic import Field

    noted = getattr(parameter.annotation, "__metadata__", ())
    described = any(getattr(note, "description", None) for note in noted)
    plain = next((note for note in noted if isinstance(note, str)), None)
    text = plain or told.get(parameter.name)
    description: Any = {} if described or text is None else {"description": text}
    default = ... if parameter.default is KINDS.empty else parameter.default
    return parameter.annotation, Field(default, alias=parameter.name, **description)


def _schema(model: Any, where: str) -> Mapping[str, object]:
    from pydantic import PydanticUserError
    from pydantic.json_schema import GenerateJsonSchema
    from pydantic_core import PydanticSerializationError

    class Schema(GenerateJsonSchema):
        ignored_warning_kinds = {"skipped-choice", "non-serializable-default"}  # noqa: RUF012 # as pydantic has it

    try:
        shown = _untitled(model.model_json_schema(schema_generator=Schema))
    except (PydanticUserError, PydanticSerializationError) as error:
        raise ToolError(f"{where}: {_first_line(error)}; annotate it with types that have a JSON form") from None
    assert isinstance(shown, dict)
    shown.pop("description", None)
    return {"type": "object", "properties": {}} | shown


def _untitled(shown: object, *, names: bool = False) -> object:
    """A schema without the titles that pydantic makes of names: tokens that tell a model nothing.

    `names`: whether the keys at hand are names of arguments, among which `title` may be one.
    """
    if not isinstance(shown, dict):
        return [_untitled(item) for item in shown] if isinstance(shown, list) else shown
    return {
        key: value
        if key in ("default", "enum", "const", "examples") and not names
        else _untitled(value, names=key in ("properties", "$defs") and not names)
        for key, value in shown.items()
        if names or key != "title"
    }


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0].rstrip(".")
