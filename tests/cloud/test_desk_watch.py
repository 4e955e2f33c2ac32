"""The desks' live feed: every change once, also that a request has only now got its desk, and never to the wrong desk."""

from cloud.desk_watch import MAX_HOMELESS, DeskWatch
from cloud.news import DeskSubscription, News, RequestNews, Subscription
from cloud.requests.request import Verb
from cloud.store import request_routes
from cloud.store.engine import Store
from tests.cloud.requesting import NOW_MS, REQUEST, bring, do, submitted

WARD = "27097"


def look(watch: DeskWatch, store: Store) -> list[str]:
    with store.reading() as connection:
        return [news.request for news in watch.look(connection)]


def route(store: Store, request: str = REQUEST) -> None:
    with store.writing() as connection:
        request_routes.route(connection, [(request, "residence", None)], NOW_MS)


def test_what_was_before_the_first_look_is_no_news(store: Store) -> None:
    bring(store, submitted())
    route(store)
    assert look(DeskWatch(), store) == []


def test_a_change_is_told_once(store: Store) -> None:
    bring(store, submitted())
    route(store)
    watch = DeskWatch()
    look(watch, store)
    do(store, Verb.RECEIVE)
    do(store, Verb.START)
    assert look(watch, store) == [REQUEST]
    assert look(watch, store) == []


def test_a_request_is_told_when_it_gets_its_desk(store: Store) -> None:
    watch = DeskWatch()
    look(watch, store)
    bring(store, submitted())
    assert look(watch, store) == []
    route(store)
    assert look(watch, store) == [REQUEST]
    assert look(watch, store) == []


def test_of_too_many_without_a_desk_the_oldest_are_forgotten(store: Store) -> None:
    watch = DeskWatch()
    look(watch, store)
    first = f"{1:032x}"
    bring(store, *(submitted(number) for number in range(1, 3)))
    look(watch, store)
    watch._homeless |= {f"{number:032x}": None for number in range(9_000, 9_000 + MAX_HOMELESS)}
    bring(store, submitted(3))
    look(watch, store)
    route(store, first)
    assert look(watch, store) == []


def seen(subscription: Subscription, *news: News) -> bool:
    for each in news:
        subscription.offer(each)
    return bool(subscription._queue)


def test_news_of_a_request_go_to_its_desk_and_ward_alone() -> None:
    news = RequestNews(REQUEST, WARD, "residence")
    assert seen(DeskSubscription(None, "hoa", "s", frozenset({"residence"})), news)
    assert seen(DeskSubscription(frozenset({WARD}), "hoa", "s", None), news)
    assert not seen(DeskSubscription(frozenset({"26740"}), "hoa", "s", None), news)
    assert not seen(DeskSubscription(None, "hoa", "s", frozenset({"justice"})), news)
    assert not seen(Subscription(None, "an", "s"), news)
