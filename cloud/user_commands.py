"""`tcds-cloud user`: the people's accounts."""
# ruff: noqa: PLC0415  what a command needs is imported when it runs, so that the program answers at once

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from cloud.clock import now_ms
from cloud.shell import Config, fail, open_store_of, read_catalogue, read_places, read_settings

user_app = typer.Typer(help="The people who may log in to the consoles.", no_args_is_help=True)

Login = Annotated[str, typer.Argument(help="The name typed at the console, e.g. truc.ban.")]


@user_app.command("add")
def add_user(
    login: Login,
    name: Annotated[str, typer.Option(help="As colleagues read it, e.g. 'Lê Minh An'.")],
    role: Annotated[str, typer.Option(help="duty_officer, city_desk, desk_officer, fleet_admin or auditor.")],
    ward: Annotated[
        list[str] | None, typer.Option(help="Ward code; repeat it. Duty officers need at least one.")
    ] = None,
    desk: Annotated[
        list[str] | None,
        typer.Option(help="A desk's id in the catalogue; repeat it. Desk officers need at least one."),
    ] = None,
    phone: Annotated[str | None, typer.Option(help="For text messages of the escalation.")] = None,
    config: Config = None,
) -> None:
    """Add somebody; the password is asked for, or read as one line from a pipe."""
    from cloud.api.people import add_person, build_person

    settings = read_settings(config, "user")
    known = {each.code for each in read_places(settings).wards}
    desks = {each.id for each in read_catalogue(settings).parties.desks} if desk else set()
    with open_store_of(settings) as store, _told_mistakes():
        person = build_person(
            login,
            name,
            role,
            tuple(ward or ()),
            phone,
            known,
            now_ms(),
            desks=tuple(desk or ()),
            known_desks=desks,
        )
        add_person(store, person, _password(), now_ms())
    typer.echo(f"ok: {login}")


@user_app.command("list")
def list_users(config: Config = None) -> None:
    """List everybody: login, role, state, wards, name, desks; one a line, by tabs."""
    from cloud.api.people import list_people

    with open_store_of(read_settings(config, "user")) as store:
        for person in list_people(store):
            state = "disabled" if person.disabled else "active"
            wards, desks = (",".join(codes) or "-" for codes in (person.wards, person.desks))
            typer.echo(f"{person.login}\t{person.role}\t{state}\t{wards}\t{person.name}\t{desks}")


@user_app.command("passwd")
def change_password(login: Login, config: Config = None) -> None:
    """Set a new password, and end all of the person's sessions."""
    from cloud.api.people import set_password

    with open_store_of(read_settings(config, "user")) as store, _told_mistakes():
        set_password(store, login, _password(), now_ms())
    typer.echo(f"ok: {login}")


@user_app.command("disable")
def disable_user(login: Login, config: Config = None) -> None:
    """Let somebody log in no more, and end all of the person's sessions."""
    from cloud.api.people import disable_person

    with open_store_of(read_settings(config, "user")) as store, _told_mistakes():
        disable_person(store, login, now_ms())
    typer.echo(f"ok: {login}")


def _password() -> str:
    """Ask twice at a terminal, else read one line; never from the command line, which everybody can see."""
    if sys.stdin.isatty():
        password: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        return password
    return sys.stdin.readline().rstrip("\r\n")


@contextmanager
def _told_mistakes() -> Iterator[None]:
    from cloud.api.people import PeopleError

    try:
        yield
    except PeopleError as error:
        fail([str(error)])
