"""The broker alone, with aio-pika: confirmed publishing, acknowledged consuming, no database.

Settings come from the environment as for the other stations: Role (sender or receiver), Count, Workers, Times, ConnectionStrings__broker.
Says "ready", waits for a line for each of two stages (the second is empty), says "done" after each, and ends after one more line.
"""
import asyncio
import json
import os
import sys
import time

import aio_pika

COUNT = int(os.environ["Count"])
QUEUE = "aio-pika-station"
ARGUMENTS = {"x-queue-type": "quorum"}


async def line():
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)


def say(word):
    print(word, flush=True)


async def send(channel, ticks):
    numbers = iter(range(COUNT))

    async def work():
        for number in numbers:
            body = json.dumps({"number": number, "address": "12 Station Road"}).encode()
            message = aio_pika.Message(
                body,
                content_type="application/json",
                delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
                headers={"cloudEvents_type": "shop.station.parcel-sent.v1", "cloudEvents_source": "/station"},
            )
            await channel.default_exchange.publish(message, routing_key=QUEUE, mandatory=True)
            ticks[number] = time.monotonic_ns()

    await asyncio.gather(*(work() for _ in range(int(os.environ.get("Workers", "32")))))


async def receive(queue, ticks, everything):
    left = COUNT

    async def handle(message):
        nonlocal left
        await message.ack()
        number = json.loads(message.body)["number"]
        if ticks[number] == 0:
            ticks[number] = time.monotonic_ns()
            left -= 1
            if left == 0:
                everything.set()

    await queue.consume(handle)


async def main():
    ticks = [0] * COUNT
    connection = await aio_pika.connect(os.environ["ConnectionStrings__broker"])
    async with connection:
        channel = await connection.channel(publisher_confirms=True)
        await channel.set_qos(prefetch_count=256)
        everything = asyncio.Event()
        if os.environ["Role"] == "receiver":
            # The sender begins after this station has said "ready". Two declarations at the same time may be an INTERNAL_ERROR of the server.
            queue = await channel.declare_queue(QUEUE, durable=True, arguments=ARGUMENTS)
            await receive(queue, ticks, everything)
        say("ready")
        await line()
        if os.environ["Role"] == "receiver":
            await everything.wait()
        else:
            await send(channel, ticks)
        say("done")
        await line()
        say("done")
        with open(os.environ["Times"], "w", encoding="ascii") as file:
            file.writelines(f"{tick}\n" for tick in ticks)
        await line()


asyncio.run(main())
