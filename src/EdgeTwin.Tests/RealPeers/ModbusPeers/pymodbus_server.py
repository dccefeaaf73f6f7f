"""A Modbus TCP server on pymodbus for the tests: prints "port N", then serves until stdin closes.

Registers hold their address, bits are on where the address is even."""
import asyncio
import socket
import sys

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server.async_io import StartAsyncTcpServer


async def main():
    bits = [address % 2 == 0 for address in range(2100)]
    registers = list(range(500))
    unit = ModbusSlaveContext(
        co=ModbusSequentialDataBlock(0, list(bits)), di=ModbusSequentialDataBlock(0, list(bits)),
        ir=ModbusSequentialDataBlock(0, list(registers)), hr=ModbusSequentialDataBlock(0, list(registers)), zero_mode=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = asyncio.create_task(StartAsyncTcpServer(
        context=ModbusServerContext(slaves=unit, single=True), address=("127.0.0.1", port)))
    while True:
        await asyncio.sleep(0.02)
        if server.done():
            sys.exit(str(server.exception()))
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
    print("port", port, flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    server.cancel()


asyncio.run(main())
