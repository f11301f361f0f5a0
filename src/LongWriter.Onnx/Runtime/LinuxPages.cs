using System.Runtime.InteropServices;

namespace LongWriter.Onnx.Runtime;

/// <summary>
/// Address space whose pages become memory one by one where they are written, and can be given back. Linux on 64 bits only. The heap would do the first mostly, but hands out pages that earlier owners
/// touched, and where huge pages are on for everybody the first byte of a long sequence would take all of its 2 MiB.
/// </summary>
internal static unsafe partial class LinuxPages
{
    private const int ReadWrite = 0x3;
    private const int PrivateAnonymousNoReserve = 0x2 | 0x20 | 0x4000;
    private const int ReadExecute = 0x5;
    private const int PrivateAnonymous = 0x2 | 0x20;
    private const int DontNeed = 4;
    private const int HugePage = 14;
    private const int NoHugePage = 15;

    /// <summary>Bytes of a huge page of the processors that .NET runs on, with their usual pages of 4 KiB.</summary>
    private const long HugePageBytes = 2 << 20;
    private const int PagesAtATime = 1 << 16;

    public static bool IsSupported { get; } = OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    /// <exception cref="InsufficientMemoryException">There is no such address space.</exception>
    public static nint Reserve(long lengthBytes)
    {
        nint address = Map(0, (nuint)lengthBytes, ReadWrite, PrivateAnonymousNoReserve, -1, 0);
        if (address == -1)
        {
            throw new InsufficientMemoryException($"Reserving {lengthBytes} bytes of address space failed (errno {Marshal.GetLastPInvokeError()}).");
        }

        // A kernel without huge pages refuses, and has none to keep away.
        _ = Advise(address, (nuint)lengthBytes, NoHugePage);
        return address;
    }

    /// <summary>The same, begun where a huge page begins, and of huge pages where the system gives them. They cost nothing when all of it will be written, and reading it misses fewer translations.</summary>
    /// <exception cref="InsufficientMemoryException">There is no such address space.</exception>
    public static nint ReserveHuge(long lengthBytes)
    {
        nint address = Reserve(lengthBytes + HugePageBytes);
        long skipped = (HugePageBytes - address % HugePageBytes) % HugePageBytes;
        nint page = Environment.SystemPageSize;
        nint end = (address + (nint)(skipped + lengthBytes) + page - 1) / page * page;
        if (skipped > 0)
        {
            Free(address, skipped);
        }

        Free(end, address + (nint)(lengthBytes + HugePageBytes) - end);
        _ = Advise(address + (nint)skipped, (nuint)lengthBytes, HugePage);
        return address + (nint)skipped;
    }

    /// <summary>Memory that holds a function and is no longer written to; 0 where the system allows none. Never freed.</summary>
    public static nint TryMakeExecutable(ReadOnlySpan<byte> code)
    {
        nint address = Map(0, (nuint)code.Length, ReadWrite, PrivateAnonymous, -1, 0);
        if (address == -1)
        {
            return 0;
        }

        code.CopyTo(new Span<byte>((void*)address, code.Length));
        if (Protect(address, (nuint)code.Length, ReadExecute) != 0)
        {
            Free(address, code.Length);
            return 0;
        }

        return address;
    }

    public static void Free(nint address, long lengthBytes) => _ = Unmap(address, (nuint)lengthBytes);

    /// <summary>The whole pages of a range become address space without memory again, and read as zeros.</summary>
    public static void GiveBack(nint address, long lengthBytes)
    {
        nint page = Environment.SystemPageSize;
        nint first = (address + page - 1) / page * page;
        nint end = (address + (nint)lengthBytes) / page * page;
        if (end > first)
        {
            _ = Advise(first, (nuint)(end - first), DontNeed);
        }
    }

    /// <summary>Memory behind a range that begins at a page.</summary>
    public static long ResidentBytes(nint address, long lengthBytes)
    {
        int page = Environment.SystemPageSize;
        byte[] states = new byte[PagesAtATime];
        long resident = 0;
        fixed (byte* state = states)
        {
            for (long offset = 0; offset < lengthBytes; offset += (long)PagesAtATime * page)
            {
                long length = Math.Min(lengthBytes - offset, (long)PagesAtATime * page);
                if (InCore(address + (nint)offset, (nuint)length, state) != 0)
                {
                    throw new InvalidOperationException($"mincore failed (errno {Marshal.GetLastPInvokeError()}).");
                }

                foreach (byte one in states.AsSpan(0, (int)((length + page - 1) / page)))
                {
                    resident += (one & 1) * page;
                }
            }
        }

        return resident;
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Protect(nint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Unmap(nint address, nuint length);

    [LibraryImport("libc", EntryPoint = "madvise", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(nint address, nuint length, int advice);

    [LibraryImport("libc", EntryPoint = "mincore", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int InCore(nint address, nuint length, byte* states);
}
