import json

import pytest

from catalogue.schema import DIALECT, KINDS, schema_of


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_file_has_a_schema(kind: str) -> None:
    schema = schema_of(kind)
    assert schema["$schema"] == DIALECT
    assert json.loads(json.dumps(schema))["$ref"].startswith("#/$defs/")
    assert kind in str(schema["title"])


def test_the_schema_of_a_service_knows_every_type_of_question_and_closes_every_mapping() -> None:
    definitions = schema_of("service")["$defs"]
    assert isinstance(definitions, dict)
    types = definitions["Service"]["properties"]["questions"]["items"]["discriminator"]["mapping"]
    assert {"text", "card", "bill-code", "place", "scan"} <= types.keys()
    assert len(types) == 14
    mappings = [each for each in definitions.values() if each.get("type") == "object"]
    assert all(each["additionalProperties"] is False for each in mappings)


def test_another_name_has_none() -> None:
    with pytest.raises(KeyError):
        schema_of("shop")
