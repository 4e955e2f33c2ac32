/* A board without hardware: runs the firmware's ELF file in real time under simavr, its UART on a pty.
 *
 * Links against simavr, which is under the GPL-3: this is a test tool and never part of the product.
 *
 *   simboard sos.elf SERIAL
 *   stdin:   adc N MILLIVOLTS | pin BIT LEVEL (of port D) | wait MS | warp MS | eeprom AT BYTE | reset | hang | quit
 *   stdout:  pty PATH, then changes: siren 0|1, lamp 0..3 (quarters of the brightness)
 */
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "avr_adc.h"
#include "avr_eeprom.h"
#include "avr_ioport.h"
#include "avr_timer.h"
#include "avr_uart.h"
#include "sim_avr.h"
#include "sim_elf.h"

#define MHZ 16
/* Simulated in steps of 1 ms, then held until the wall clock has caught up. */
#define STEP_CYCLES (1000 * MHZ)
#define SIREN_BIT 5
#define TAMPER_BIT 4
#define PIND_AT 0x29
/* Flash that the firmware does not use: `rjmp .` for the `hang` command. */
#define HANG_AT 0x7F00

static avr_t *avr;
static int line_fd;
static bool uart_full;
static avr_cycle_count_t deaf_until; /* commands wait until then */
static struct timespec due;          /* when the next step may run */

static void on_siren(struct avr_irq_t *irq, uint32_t value, void *param)
{
    (void)param;
    if (value != irq->value)
        printf("siren %u\n", value);
}

static void on_lamp(struct avr_irq_t *irq, uint32_t value, void *param)
{
    static uint32_t shown;
    (void)irq, (void)param;
    uint32_t quarter = (value + 63) / 85;
    if (quarter != shown)
        printf("lamp %u\n", quarter);
    shown = quarter;
}

/* Nobody listening means the byte is gone, as on a real line. */
static void on_uart_byte(struct avr_irq_t *irq, uint32_t value, void *param)
{
    (void)irq, (void)param;
    uint8_t byte = value;
    if (write(line_fd, &byte, 1) != 1)
        return;
}

static void on_uart_room(struct avr_irq_t *irq, uint32_t value, void *param)
{
    (void)irq, (void)param;
    if (value)
        uart_full = false;
}

static void on_uart_full(struct avr_irq_t *irq, uint32_t value, void *param)
{
    (void)irq, (void)param;
    if (value)
        uart_full = true;
}

/* The slave stays open here, so that the host may come and go. */
static void connect_uart(void)
{
    static char path[64];
    int slave;
    struct termios raw;
    if (openpty(&line_fd, &slave, path, 0, 0) != 0)
        exit(1);
    tcgetattr(slave, &raw);
    cfmakeraw(&raw);
    tcsetattr(slave, TCSANOW, &raw);
    fcntl(line_fd, F_SETFL, O_NONBLOCK);

    uint32_t flags = 0;
    avr_ioctl(avr, AVR_IOCTL_UART_GET_FLAGS('0'), &flags);
    flags &= ~(AVR_UART_FLAG_STDIO | AVR_UART_FLAG_POLL_SLEEP);
    avr_ioctl(avr, AVR_IOCTL_UART_SET_FLAGS('0'), &flags);
    avr_irq_t *irqs = avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), 0);
    avr_irq_register_notify(irqs + UART_IRQ_OUTPUT, on_uart_byte, 0);
    avr_irq_register_notify(irqs + UART_IRQ_OUT_XON, on_uart_room, 0);
    avr_irq_register_notify(irqs + UART_IRQ_OUT_XOFF, on_uart_full, 0);
    printf("pty %s\n", path);
}

/* simavr spaces the bytes as the baud rate does. */
static void carry_to_uart(void)
{
    avr_irq_t *input = avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_INPUT);
    uint8_t byte;
    while (!uart_full && read(line_fd, &byte, 1) == 1)
        avr_raise_irq(input, byte);
}

static void set_adc(unsigned channel, unsigned millivolts)
{
    avr_raise_irq(avr_io_getirq(avr, AVR_IOCTL_ADC_GETIRQ, ADC_IRQ_ADC0 + channel), millivolts);
}

/* "External", or else each write to the port would let its pull-up win. */
static void set_pin(unsigned bit, unsigned level)
{
    static avr_ioport_external_t outside = {.name = 'D'};
    outside.mask |= 1 << bit;
    outside.value = level ? outside.value | 1 << bit : outside.value & ~(1 << bit);
    avr_ioctl(avr, AVR_IOCTL_IOPORT_SET_EXTERNAL('D'), &outside);
    avr_raise_irq(avr_io_getirq(avr, AVR_IOCTL_IOPORT_GETIRQ('D'), bit), level);
}

static void power_up(const char *path, uint32_t serial)
{
    elf_firmware_t firmware = {0};
    if (elf_read_firmware(path, &firmware) != 0)
        exit(1);
    avr = avr_make_mcu_by_name("atmega328p");
    avr_init(avr);
    avr->frequency = MHZ * 1000000;
    avr_load_firmware(avr, &firmware);
    avr->vcc = avr->avcc = avr->aref = 5000;
    uint8_t hang[] = {0xFF, 0xCF};
    memcpy(avr->flash + HANG_AT, hang, sizeof hang);
    avr->codeend = avr->flashend;
    avr_eeprom_desc_t number = {(uint8_t *)&serial, 0, sizeof serial};
    avr_ioctl(avr, AVR_IOCTL_EEPROM_SET, &number);
    avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_IOPORT_GETIRQ('D'), SIREN_BIT), on_siren, 0);
    avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_TIMER_GETIRQ('1'), TIMER_IRQ_OUT_PWM0), on_lamp, 0);
    set_adc(0, 2500);
    set_adc(1, 2500);
    set_pin(TAMPER_BIT, 0);
}

/* The reset clears PIND, and simavr passes on changes only: so the switch moves once. */
static void reset(void)
{
    bool open = avr->data[PIND_AT] & 1 << TAMPER_BIT;
    avr_reset(avr);
    set_pin(TAMPER_BIT, !open);
    set_pin(TAMPER_BIT, open);
    avr_regbit_clear(avr, avr->reset_flags.porf);
    avr_regbit_set(avr, avr->reset_flags.extrf);
}

/* The interrupts go on, as in a main loop that is stuck. */
static void hang(void)
{
    avr->pc = HANG_AT;
    avr->sreg[S_I] = 1;
}

/* EEPROM cells fail one by one. */
static void spoil(unsigned address, uint8_t value)
{
    avr_eeprom_desc_t cell = {&value, address, 1};
    avr_ioctl(avr, AVR_IOCTL_EEPROM_SET, &cell);
}

/* False: quit. */
static bool obey(const char *line)
{
    unsigned a, b;
    if (sscanf(line, "adc %u %u", &a, &b) == 2)
        set_adc(a, b);
    else if (sscanf(line, "pin %u %u", &a, &b) == 2)
        set_pin(a, b);
    else if (sscanf(line, "wait %u", &a) == 1)
        deaf_until = avr->cycle + (avr_cycle_count_t)a * STEP_CYCLES;
    else if (sscanf(line, "warp %u", &a) == 1)
        due.tv_sec -= a / 1000; /* late by so much, it runs as fast as it can */
    else if (sscanf(line, "eeprom %u %u", &a, &b) == 2)
        spoil(a, b);
    else if (strcmp(line, "reset\n") == 0)
        reset();
    else if (strcmp(line, "hang\n") == 0)
        hang();
    else
        return false;
    return true;
}

static bool listen(void)
{
    struct pollfd in = {.fd = 0, .events = POLLIN};
    char line[80];
    while (avr->cycle >= deaf_until && poll(&in, 1, 0) > 0)
        if (!fgets(line, sizeof line, stdin) || !obey(line))
            return false;
    return true;
}

static bool simulate(avr_cycle_count_t until)
{
    while (avr->cycle < until) {
        int state = avr_run(avr);
        if (state == cpu_Done || state == cpu_Crashed)
            return false;
    }
    return true;
}

/* simavr's own sleep asks the kernel for every wake-up; holding once a step costs less and drifts not. */
static void skip_sleep(avr_t *self, avr_cycle_count_t cycles)
{
    (void)self, (void)cycles;
}


static void hold(void)
{
    due.tv_nsec += 1000000;
    if (due.tv_nsec >= 1000000000) {
        due.tv_nsec -= 1000000000;
        due.tv_sec++;
    }
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, 0);
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    setvbuf(stdout, 0, _IOLBF, 0);
    setvbuf(stdin, 0, _IONBF, 0);
    power_up(argv[1], strtoul(argv[2], 0, 0));
    avr->sleep = skip_sleep;

    connect_uart();
    clock_gettime(CLOCK_MONOTONIC, &due);
    bool alive = true;
    while (alive && listen()) {
        hold();
        carry_to_uart();
        alive = simulate(avr->cycle + STEP_CYCLES);
    }
    return alive ? 0 : 3;
}
