/* What the board and the host agreed on. The same numbers stand in ../messages.py and ../board.py, and a
 * test compares them. Layouts: ../README.md. */
#pragma once

#define PROTOCOL 1
#define FIRMWARE_MAJOR 1
#define FIRMWARE_MINOR 0
#define FIRMWARE_PATCH 0

#define BAUD 57600UL
#define MAX_BODY 64
#define LINES 2

#define RESEND_MS 200
#define BEAT_MS 1000
#define OWN_ALARM_MS 3000
#define SIREN_CAP_MS 60000
#define HOST_SILENT_MS 6000
#define PENDING_MAX 16

#define UNKNOWN_AGE 0xFFFFFFFFUL

enum kind {
    REPORT_HELLO = 0x01,
    REPORT_EVENT = 0x02,
    REPORT_BEAT = 0x03,
    REPORT_COMMAND_ACK = 0x04,
    ORDER_ASK_HELLO = 0x81,
    ORDER_EVENT_ACK = 0x82,
    ORDER_LAMP = 0x83,
    ORDER_SIREN = 0x84,
};

enum event_kind {
    EVENT_NONE = 0,
    EVENT_PRESS = 1,
    EVENT_RELEASE = 2,
    EVENT_TAMPER = 3,
    EVENT_TAMPER_CLEARED = 4,
    EVENT_WIRE_CUT = 5,
    EVENT_WIRE_SHORT = 6,
    EVENT_WIRE_RESTORED = 7,
};

enum lamp_pattern {
    LAMP_OFF = 0,
    LAMP_IDLE = 1,
    LAMP_RECORDED = 2,
    LAMP_RECEIVED = 3,
    LAMP_POLICE = 4,
    LAMP_ON_WAY = 5,
    LAMP_FAULT = 6,
    LAMP_COUNT = 7,
};

enum state_flag {
    STATE_LID_OPEN = 1,
    STATE_SIREN_ON = 2,
    STATE_OWN_ALARM = 4,
    STATE_HOST_HEARD = 8,
    STATE_LINE_0_FAULT = 16,
};
