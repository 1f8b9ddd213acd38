"""Which platforms an executable runs on, in the words of Python's wheels.

The formats are those of elf(5) and of the ELF specification, of Apple's mach-o/loader.h, and of
Microsoft's page on PE; the tags those of PEP 600 and PEP 656.
"""

import struct

# What PEP 599 lets a program take from the system, without what belongs to a desktop.
SYSTEMS_OWN = {
    "libc.so.6", "libm.so.6", "libdl.so.2", "librt.so.1", "libpthread.so.0", "libutil.so.1", "libresolv.so.2",
    "libgcc_s.so.1", "libstdc++.so.6", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1",
}
# The oldest C library for which Rust builds; manylinux2014 is another name for it.
OLDEST_GLIBC = (2, 17)
# What glibc 2.36 calls a program whose relocations are packed.
PACKED_RELOCATIONS = "GLIBC_ABI_DT_RELR"

ELF_PROCESSORS = {62: "x86_64", 183: "aarch64"}
MACH_PROCESSORS = {0x01000007: "x86_64", 0x0100000C: "arm64"}
PE_PROCESSORS = {0x8664: "amd64", 0xAA64: "arm64"}

DYNAMIC, INTERPRETER, LOAD = 2, 3, 1
NEEDED, STRINGS, VERSIONS_NEEDED, NUMBER_OF_VERSIONS = 1, 5, 0x6FFFFFFE, 0x6FFFFFFF
BUILD_VERSION, OLDEST_MACOS = 0x32, 0x24


class Unfit(Exception):
    """Why a program belongs into no wheel: the end of a sentence that begins with its name."""


def tag_of(program: bytes) -> str:
    """The platforms of an executable, several with dots between them."""
    try:
        if program[:4] == b"\x7fELF":
            return of_linux(program)
        if program[:4] == b"\xcf\xfa\xed\xfe":
            return of_macos(program)
        if program[:2] == b"MZ":
            return of_windows(program)
    except (struct.error, IndexError, StopIteration):
        raise Unfit("is cut off or damaged: build it anew") from None
    raise Unfit("is no executable of Linux, macOS or Windows")


def of_linux(program: bytes) -> str:
    if program[4:6] != b"\x02\x01":
        raise Unfit("is not for a processor of 64 bits, little end first")
    processor = known(ELF_PROCESSORS, struct.unpack_from("<H", program, 18)[0])
    start, = struct.unpack_from("<Q", program, 32)
    size, count = struct.unpack_from("<HH", program, 54)
    # Type, flags, offset, address, physical address, size in the file, size in memory, alignment.
    segments = [struct.unpack_from("<IIQQQQQQ", program, start + size * it) for it in range(count)]
    if not any(it[0] == INTERPRETER for it in segments):
        # Whatever C library there is, it needs none.
        return ".".join(f"{it}_{processor}" for it in ("manylinux_2_17", "manylinux2014", "musllinux_1_1"))

    def at(address: int) -> int:
        segment = next(it for it in segments if it[0] == LOAD and it[3] <= address < it[3] + it[5])
        return address - segment[3] + segment[2]

    table = next(it for it in segments if it[0] == DYNAMIC)
    pairs = list(struct.iter_unpack("<QQ", program[table[2]:table[2] + table[5]]))
    entries = dict(pairs)
    strings = at(entries[STRINGS])

    def text(offset: int) -> str:
        return program[strings + offset:program.index(b"\0", strings + offset)].decode()

    foreign = sorted({text(value) for key, value in pairs if key == NEEDED} - SYSTEMS_OWN)
    if foreign:
        raise Unfit(f"needs {', '.join(foreign)}, which not every system has: link it into the program")
    needed = list(versions(program, at(entries[VERSIONS_NEEDED]), entries[NUMBER_OF_VERSIONS], text))
    needed = ["GLIBC_2.36" if it == PACKED_RELOCATIONS else it for it in needed]
    numbers = [tuple(map(int, it.removeprefix("GLIBC_").split("."))) for it in needed if it.startswith("GLIBC_2")]
    newest = max([OLDEST_GLIBC, *(it[:2] for it in numbers)])
    tag = f"manylinux_{newest[0]}_{newest[1]}_{processor}"
    return f"{tag}.manylinux2014_{processor}" if newest == OLDEST_GLIBC else tag


def versions(program: bytes, start: int, count: int, text):
    """The versions of libraries' symbols that an ELF needs."""
    for _ in range(count):
        _, number, _, first, following = struct.unpack_from("<HHIII", program, start)
        inner = start + first
        for _ in range(number):
            _, _, _, name, further = struct.unpack_from("<IHHII", program, inner)
            yield text(name)
            inner += further
        start += following


def of_macos(program: bytes) -> str:
    processor, = struct.unpack_from("<I", program, 4)
    count, = struct.unpack_from("<I", program, 16)
    at = 32
    for _ in range(count):
        command, size = struct.unpack_from("<II", program, at)
        if command in (BUILD_VERSION, OLDEST_MACOS):
            oldest, = struct.unpack_from("<I", program, at + (12 if command == BUILD_VERSION else 8))
            major, minor = oldest >> 16, oldest >> 8 & 0xFF
            # Since macOS 11 a release is its first number alone.
            return f"macosx_{major}_{0 if major > 10 else minor}_{known(MACH_PROCESSORS, processor)}"
        at += size
    raise Unfit("does not say for which macOS it was built")


def of_windows(program: bytes) -> str:
    start, = struct.unpack_from("<I", program, 0x3C)
    if program[start:start + 4] != b"PE\0\0":
        raise Unfit("is no executable of Windows")
    return f"win_{known(PE_PROCESSORS, struct.unpack_from('<H', program, start + 4)[0])}"


def known(processors: dict[int, str], code: int) -> str:
    if code not in processors:
        raise Unfit(f"is for a processor that wheels are not made for (0x{code:x})")
    return processors[code]
