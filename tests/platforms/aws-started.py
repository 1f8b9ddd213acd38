"""The AWS CLI, started once: each call is a fork of a process that has loaded its modules.

Writes a program `aws` into a folder, prints the folder, and serves until its standard input ends.
"""

import array
import json
import os
import shutil
import signal
import socket
import sys
import tempfile
import traceback

import awscli.clidriver

# Sends the arguments, the environment, the folder and the three streams; ends as the call did.
PROGRAM = """#!{python} -IS
import array, json, os, socket, sys
it = socket.socket(socket.AF_UNIX)
it.connect({socket!r})
said = json.dumps([sys.argv[1:], dict(os.environ), os.getcwd()]).encode()
streams = array.array("i", [0, 1, 2])
it.sendmsg([len(said).to_bytes(8, "big")], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, streams)])
it.sendall(said)
sys.exit(it.recv(1)[0])
"""


def read(connection: socket.socket, length: int) -> bytes:
    data = b""
    while len(data) < length:
        part = connection.recv(length - len(data))
        if not part:
            raise EOFError
        data += part
    return data


def call(driver: awscli.clidriver.CLIDriver, connection: socket.socket) -> None:
    streams = array.array("i")
    length, [(_, _, sent)], *_ = connection.recvmsg(8, socket.CMSG_SPACE(3 * streams.itemsize))
    streams.frombytes(sent)
    arguments, environment, folder = json.loads(read(connection, int.from_bytes(length, "big")))
    for to, stream in enumerate(streams):
        os.dup2(stream, to)
    # Loading its modules set this.
    data = os.environ["AWS_DATA_PATH"]
    os.environ.clear()
    os.environ.update(environment, AWS_DATA_PATH=data)
    os.chdir(folder)
    sys.argv = ["aws", *arguments]
    try:
        status = driver.main(arguments)
    except SystemExit as error:
        status = error.code
    sys.stdout.flush()
    sys.stderr.flush()
    connection.sendall(bytes([status or 0]))


def main() -> None:
    folder = tempfile.mkdtemp()
    address = os.path.join(folder, "socket")
    server = socket.socket(socket.AF_UNIX)
    server.bind(address)
    server.listen(64)
    program = os.path.join(folder, "aws")
    with open(program, "w") as file:
        file.write(PROGRAM.format(python=sys.executable, socket=address))
    os.chmod(program, 0o755)
    driver = awscli.clidriver.create_clidriver()
    # What each call would read anew.
    for service in ["ecs", "elbv2"]:
        driver.session.get_service_model(service)
        driver.session.get_component("data_loader").load_service_model(service, "endpoint-rule-set-1")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    parent = os.getpid()
    if os.fork() == 0:
        # Ends the other with the standard input, whatever it waits for.
        sys.stdin.read()
        shutil.rmtree(folder)
        os.kill(parent, signal.SIGTERM)
        os._exit(0)
    print(folder, flush=True)
    while True:
        connection, _ = server.accept()
        if os.fork() == 0:
            server.close()
            try:
                call(driver, connection)
            except BaseException:
                traceback.print_exc()
            os._exit(0)
        connection.close()


main()
