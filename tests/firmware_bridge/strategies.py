"""Every message there can be."""

from hypothesis import strategies as st

from firmware_bridge.messages import (
    AskHello,
    Beat,
    BoardState,
    CommandAck,
    Event,
    EventAck,
    EventId,
    EventKind,
    ForeignHello,
    Hello,
    Lamp,
    LampPattern,
    Order,
    Report,
    ResetCause,
    Siren,
)

U8 = st.integers(0, 0xFF)
U16 = st.integers(0, 0xFFFF)
U32 = st.integers(0, 0xFFFF_FFFF)

IDS = st.builds(EventId, U32, U32, U32)
PATTERNS = st.sampled_from(LampPattern)
EVENTS = st.builds(Event, IDS, st.sampled_from(EventKind), U8, st.none() | st.integers(0, 0xFFFF_FFFE))
HELLOS = st.builds(Hello, st.tuples(U8, U8, U8), U32, st.integers(0, 15).map(ResetCause), U32)
BEATS = st.builds(
    Beat, U32, U32, st.tuples(U16, U16), PATTERNS, st.integers(0, 63).map(BoardState), U8, U16, U16, U16
)
REPORTS: st.SearchStrategy[Report] = st.one_of(
    HELLOS,
    st.builds(ForeignHello, st.integers(2, 255)),
    EVENTS,
    BEATS,
    st.builds(CommandAck, U8, st.booleans()),
)
ORDERS: st.SearchStrategy[Order] = st.one_of(
    st.just(AskHello()), st.builds(EventAck, IDS), st.builds(Lamp, U8, PATTERNS), st.builds(Siren, U8, U8)
)
