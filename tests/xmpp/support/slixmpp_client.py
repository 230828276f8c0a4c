"""An ordinary XMPP client, made with slixmpp, which a test directs.

The first line of stdin says who connects, each later one what to send, or to ask. Each is answered by a line
of stdout, and so is each stanza that comes. Lines are JSON objects. It disconnects when stdin ends.
"""

import asyncio
import json
import sys
from xml.etree import ElementTree

from slixmpp import ClientXMPP
from slixmpp.exceptions import IqError
from slixmpp.stanza import Iq, Message, Presence

STANZAS = {"iq": Iq, "message": Message, "presence": Presence}


def tell(**what):
    print(json.dumps(what), flush=True)


def as_text(xml):
    return ElementTree.tostring(xml, "unicode")


def name_of(xml):
    return xml.tag.rpartition("}")[2]


class Client(ClientXMPP):
    def __init__(self, jid, password):
        # SCRAM takes longer, and nobody listens on this interface.
        super().__init__(jid, password, sasl_mech="PLAIN")
        self.plugin["feature_mechanisms"].unencrypted_plain = True
        self.enable_direct_tls = self.enable_starttls = False
        self.enable_plaintext = True
        # The tests answer requests.
        self.auto_authorize = None
        self.auto_subscribe = False
        self.register_plugin("xep_0092", {"software_name": "A phone", "version": "1"})
        self.register_plugin("xep_0199")

    def incoming_filter(self, xml):
        if name_of(xml) in STANZAS:
            tell(stanza=as_text(xml))
        return xml

    def stanza_of(self, text):
        xml = ElementTree.fromstring(f"<stream xmlns='{self.default_ns}'>{text}</stream>")[0]
        return STANZAS[name_of(xml)](self, xml)

    async def ask(self, text, number):
        try:
            response = await self.stanza_of(text).send()
            tell(number=number, response=as_text(response.xml))
        except IqError as error:
            tell(number=number, condition=error.condition)


async def main():
    lines = asyncio.StreamReader()
    reader = asyncio.StreamReaderProtocol(lines)
    await asyncio.get_running_loop().connect_read_pipe(lambda: reader, sys.stdin)

    login = json.loads(await lines.readline())
    client = Client(login["jid"], login["password"])
    client.connect("127.0.0.1", login["port"])
    await client.wait_until("session_start")
    await client.get_roster()
    tell(number=login["number"])

    async with asyncio.TaskGroup() as questions:
        while line := await lines.readline():
            match json.loads(line):
                case {"send": text, "number": number}:
                    client.stanza_of(text).send()
                    tell(number=number)
                case {"ask": text, "number": number}:
                    questions.create_task(client.ask(text, number))
    await client.disconnect()


asyncio.run(main())
