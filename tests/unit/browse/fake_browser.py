#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The zonder contributors
# SPDX-License-Identifier: EUPL-1.2
"""Speaks like a browser that was started with --remote-debugging-pipe: reads messages that end in a
zero byte from descriptor 3, and answers by descriptor 4. The first argument says what is wrong with
it."""
import base64
import json
import os
import struct
import subprocess
import sys
import zlib

HOW = sys.argv[1]
URL = "http://www.europe.example/"
SCRIPT = "http://cdn.microsoft.example/a.js"


def say(message):
    os.write(4, json.dumps(message).encode() + b"\0")


def raw(data):
    while data:
        data = data[os.write(4, data):]


def event(method, params, session="S"):
    say({"method": method, "params": params, "sessionId": session})


def png(width, height):
    def chunk(name, data):
        return (struct.pack(">I", len(data)) + name + data
                + struct.pack(">I", zlib.crc32(name + data)))
    rows = (b"\0" + b"\x80" * 3 * width) * height
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def disturbed():
    """The first visit of a page breaks off, as when a network gets an address."""
    profile = [a for a in sys.argv if a.startswith("--user-data-dir=")][0]
    return HOW == "always-disturbed" or (HOW == "disturbed" and not profile.endswith("-2"))


def a_page():
    event("Network.requestWillBeSent", {
        "requestId": "L", "loaderId": "L", "frameId": "F", "type": "Document", "timestamp": 10.0,
        "request": {"url": URL}})
    event("Network.responseReceived", {
        "requestId": "L", "response": {"status": 200, "remoteIPAddress": "193.0.6.139"}})
    event("Network.requestWillBeSent", {
        "requestId": "1.2", "loaderId": "L", "frameId": "F", "type": "Script", "timestamp": 10.2,
        "request": {"url": SCRIPT}})
    event("Network.loadingFinished", {"requestId": "L"})
    event("Network.loadingFailed", {
        "requestId": "1.2", "canceled": False,
        "errorText": "net::ERR_" + ("NETWORK_CHANGED" if disturbed() else "CONNECTION_REFUSED")})
    event("Log.entryAdded", {"entry": {
        "level": "error", "text": "Failed to load resource: net::ERR_CONNECTION_REFUSED",
        "url": SCRIPT}})
    if HOW != "never-done":
        event("Page.loadEventFired", {"timestamp": 10.5})


def nonsense():
    raw(b"\0\0not json\0[1,2]\0{\"id\":\"seven\"}\0{\"method\":7,\"sessionId\":\"S\"}\0\xff\xfe\0")
    event("Network.requestWillBeSent", {"requestId": 7, "request": "x", "timestamp": "soon"})
    event("Network.responseReceived", None)
    event("Network.loadingFailed", [])
    event("Runtime.consoleAPICalled", {"type": "error", "args": {"a": 1}})
    event("Runtime.exceptionThrown", {"exceptionDetails": 3})
    event("Log.entryAdded", {"entry": None})
    event("Target.attachedToTarget", {"sessionId": 5})
    raw(b"[" * 100000 + b"\0")
    event("Network.requestWillBeSent", {
        "requestId": "other", "request": {"url": "http://other.example/"}}, "not-ours")


def answer(message):
    method = message["method"]
    result = {}
    if method == "Browser.getVersion":
        result = {"product": "Fake/1.0"}
    elif method == "Target.createTarget":
        result = {"targetId": "F"}
    elif method == "Target.attachToTarget":
        result = {"sessionId": "S"}
    elif method == "Page.navigate":
        assert message["params"]["url"] == URL
        if HOW == "dies":
            os._exit(1)
        if HOW == "nonsense":
            nonsense()
        if HOW == "huge":
            raw(b'{"method":"' + b"x" * (40 << 20) + b'"}\0')
        if HOW == "cannot-go":
            result = {"errorText": "net::ERR_NAME_NOT_RESOLVED"}
        else:
            a_page()
        if HOW == "crashes":
            event("Inspector.targetCrashed", {})
    elif method == "Page.getNavigationHistory":
        result = {"entries": [{"url": URL, "title": "A page"}]}
    elif method == "Page.captureScreenshot":
        size = (4, 3) if HOW != "other-size" else (5, 3)
        result = {"data": base64.b64encode(png(*size)).decode()}
    say({"id": message["id"], "result": result})
    if method == "Browser.close" and HOW != "stays":
        os._exit(0)


def main():
    if HOW == "ends-at-once":
        print("first words", file=sys.stderr)
        print("No usable sandbox!", file=sys.stderr)
        os._exit(1)
    if HOW == "leaves-a-child":
        profile = [a for a in sys.argv if a.startswith("--user-data-dir=")][0].split("=", 1)[1]
        child = subprocess.Popen(["sleep", "1000"], start_new_session=True)
        with open(profile + ".child", "w") as file:
            file.write(str(child.pid))
    waiting = b""
    while True:
        got = os.read(3, 65536)
        if not got:
            return
        waiting += got
        while b"\0" in waiting:
            message, waiting = waiting.split(b"\0", 1)
            answer(json.loads(message))


main()
