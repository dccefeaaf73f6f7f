/* A Modbus TCP server on libmodbus for the tests: prints "port N", then serves clients one after another until stdin closes.
 * Registers hold their address, bits are on where the address is even. */
#include <modbus.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    modbus_t *context = modbus_new_tcp("127.0.0.1", 0);
    modbus_mapping_t *map = modbus_mapping_new(2100, 2100, 500, 500);
    int listener = context ? modbus_tcp_listen(context, 4) : -1;
    if (listener < 0 || !map) return perror("libmodbus"), 1;
    for (int i = 0; i < 2100; i++) map->tab_bits[i] = map->tab_input_bits[i] = i % 2 == 0;
    for (int i = 0; i < 500; i++) map->tab_registers[i] = map->tab_input_registers[i] = (uint16_t)i;

    struct sockaddr_in address;
    socklen_t size = sizeof address;
    getsockname(listener, (struct sockaddr *)&address, &size);
    printf("port %d\n", ntohs(address.sin_port));
    fflush(stdout);

    int client = -1;
    for (;;) {
        struct pollfd waiting[] = { { 0, POLLIN, 0 }, { client < 0 ? listener : client, POLLIN, 0 } };
        if (poll(waiting, 2, -1) < 0 || waiting[0].revents) return 0;
        if (client < 0) {
            client = modbus_tcp_accept(context, &listener);
            continue;
        }
        uint8_t query[MODBUS_TCP_MAX_ADU_LENGTH];
        int length = modbus_receive(context, query);
        if (length > 0) modbus_reply(context, query, length, map);
        if (length < 0) {
            close(client);
            client = -1;
        }
    }
}
