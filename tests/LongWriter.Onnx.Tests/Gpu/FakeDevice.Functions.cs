using System.Globalization;
using System.Runtime.InteropServices;

namespace LongWriter.Onnx.Tests.Gpu;

/// <summary>The functions of the table that are ours.</summary>
internal sealed unsafe partial class FakeDevice
{
    private void Replace()
    {
        table[7] = (nint)(delegate* unmanaged<nint, void*, nint, nint*, nint>)&CreateSession;
        table[49] = (nint)(delegate* unmanaged<nint, void*, nuint, long*, nuint, int, nint*, nint>)&CreateTensorWithData;
        table[68] = (nint)(delegate* unmanaged<byte*, int, int, int, nint*, nint>)&CreateMemoryInfo;
        table[71] = (nint)(delegate* unmanaged<nint, byte**, nint>)&GetMemoryName;
        table[72] = (nint)(delegate* unmanaged<nint, int*, nint>)&GetMemoryDeviceId;
        table[75] = (nint)(delegate* unmanaged<nint, nuint, void**, nint>)&AllocatorAlloc;
        table[76] = (nint)(delegate* unmanaged<nint, void*, nint>)&AllocatorFree;
        table[94] = (nint)(delegate* unmanaged<nint, void>)&ReleaseMemoryInfo;
        table[96] = (nint)(delegate* unmanaged<nint, void>)&ReleaseValue;
        table[131] = (nint)(delegate* unmanaged<nint, nint, nint*, nint>)&CreateAllocator;
        table[132] = (nint)(delegate* unmanaged<nint, void>)&ReleaseAllocator;
        table[133] = (nint)(delegate* unmanaged<nint, nint, nint, nint>)&RunWithBinding;
        table[136] = (nint)(delegate* unmanaged<nint, byte*, nint, nint>)&BindInput;
        table[137] = (nint)(delegate* unmanaged<nint, byte*, nint, nint>)&BindOutput;
        table[165] = (nint)(delegate* unmanaged<nint, byte*, byte*, nint>)&AddRunConfigEntry;
        table[202] = (nint)(delegate* unmanaged<nint, nint>)&SynchronizeInputs;
        table[203] = (nint)(delegate* unmanaged<nint, nint>)&SynchronizeOutputs;
        table[204] = (nint)(delegate* unmanaged<nint, nint, nint>)&AppendCuda;
        table[205] = (nint)(delegate* unmanaged<nint*, nint>)&CreateCudaOptions;
        table[206] = (nint)(delegate* unmanaged<nint, byte**, byte**, nuint, nint>)&UpdateCudaOptions;
        table[208] = (nint)(delegate* unmanaged<nint, void>)&ReleaseCudaOptions;
        table[216] = (nint)(delegate* unmanaged<nint, byte*, byte**, byte**, nuint, nint>)&AppendProvider;
        table[301] = (nint)(delegate* unmanaged<nint, byte*, void*, nint>)&RegisterProviderLibrary;
        table[380] = (nint)(delegate* unmanaged<nint, nint*, nuint, nint>)&SessionGetInputMemories;
        table[386] = (nint)(delegate* unmanaged<nint, nint*, nint*, nint, nuint, nint>)&CopyTensors;
    }

    [UnmanagedCallersOnly]
    private static nint CreateCudaOptions(nint* options)
    {
        *options = 1;
        return 0;
    }

    [UnmanagedCallersOnly]
    private static nint UpdateCudaOptions(nint options, byte** keys, byte** values, nuint count)
    {
        current!.Record($"UpdateCudaOptions {Pairs(keys, values, count)}");
        return 0;
    }

    [UnmanagedCallersOnly]
    private static nint AppendCuda(nint sessionOptions, nint options)
    {
        current!.Record("AppendCuda ");
        return current.AppendFailure is { } failure ? current.Fail(failure) : 0;
    }

    [UnmanagedCallersOnly]
    private static void ReleaseCudaOptions(nint options)
    {
    }

    [UnmanagedCallersOnly]
    private static nint AppendProvider(nint options, byte* name, byte** keys, byte** values, nuint count)
    {
        current!.Record($"AppendProvider {Text(name)} {Pairs(keys, values, count)}");
        return 0;
    }

    [UnmanagedCallersOnly]
    private static nint RegisterProviderLibrary(nint environment, byte* name, void* path)
    {
        string file = OperatingSystem.IsWindows() ? Marshal.PtrToStringUni((nint)path)! : Text((byte*)path);
        current!.Record($"RegisterProviderLibrary {Text(name)} {Path.GetFileName(file)}");
        return current.RegistrationFailure is { } failure ? current.Fail(failure) : 0;
    }

    [UnmanagedCallersOnly]
    private static nint CreateSession(nint environment, void* path, nint options, nint* session)
    {
        current!.Record("CreateSession ");
        return current.SessionFailure is { } failure ? current.Fail(failure) : current.Real.CreateSession(environment, path, options, session);
    }

    [UnmanagedCallersOnly]
    private static nint SessionGetInputMemories(nint session, nint* infos, nuint count)
    {
        FakeDevice device = current!;
        nint status = device.Real.SessionGetInputMemories(session, infos, count);
        for (nuint i = 0; i < count; i++)
        {
            nint allocator;
            byte* name;
            device.Real.GetAllocatorWithDefaultOptions(&allocator);
            device.Real.SessionGetInputName(session, i, allocator, &name);
            infos[i] = device.HostInputs.Contains(Text(name)) ? infos[i] : device.deviceInfo;
            device.Real.AllocatorFree(allocator, name);
        }

        return status;
    }

    [UnmanagedCallersOnly]
    private static nint CreateMemoryInfo(byte* name, int allocator, int id, int type, nint* info)
    {
        FakeDevice device = current!;
        string place = Text(name);
        if (place == "Cpu")
        {
            return device.Real.CreateMemoryInfo(name, allocator, id, type, info);
        }

        if (place == "CudaPinned" && !device.HasPinnedMemory)
        {
            return device.Fail("No pinned memory.");
        }

        lock (device.gate)
        {
            nint status = device.Real.CreateCpuMemoryInfo(0, 0, info);
            device.memoryInfos.Add(*info, place);
            return status;
        }
    }

    [UnmanagedCallersOnly]
    private static void ReleaseMemoryInfo(nint info)
    {
        current?.Locked(() => current.memoryInfos.Remove(info));
        library!.ReleaseMemoryInfo(info);
    }

    [UnmanagedCallersOnly]
    private static nint GetMemoryName(nint info, byte** name)
    {
        FakeDevice device = current!;
        if (device.memoryInfos.TryGetValue(info, out string? place))
        {
            *name = place == "CudaPinned" ? device.pinnedName : device.memoryName;
            return 0;
        }

        return device.Real.GetMemoryName(info, name);
    }

    [UnmanagedCallersOnly]
    private static nint GetMemoryDeviceId(nint info, int* id)
    {
        *id = 0;
        return 0;
    }

    [UnmanagedCallersOnly]
    private static nint CreateAllocator(nint session, nint info, nint* allocator)
    {
        FakeDevice device = current!;
        nint status = device.Real.CreateAllocator(session, info, allocator);
        lock (device.gate)
        {
            if (device.memoryInfos.TryGetValue(info, out string? place))
            {
                device.allocators[*allocator] = place;
                device.Record($"CreateAllocator {place}");
            }
        }

        return status;
    }

    [UnmanagedCallersOnly]
    private static void ReleaseAllocator(nint allocator)
    {
        current?.Locked(() => current.allocators.Remove(allocator));
        library!.ReleaseAllocator(allocator);
    }

    [UnmanagedCallersOnly]
    private static nint AllocatorAlloc(nint allocator, nuint size, void** memory)
    {
        FakeDevice device = current!;
        lock (device.gate)
        {
            if (!device.allocators.TryGetValue(allocator, out string? place))
            {
                return device.Real.AllocatorAlloc(allocator, size, memory);
            }

            long taken = device.allocations.Values.Where(allocation => allocation.Place == place).Sum(allocation => allocation.Length);
            if (place == device.Memory && taken + (long)size > device.DeviceBytes)
            {
                return device.Fail("Failed to allocate memory for requested buffer.");
            }

            *memory = NativeMemory.AlignedAlloc(size, 256);
            new Span<byte>(*memory, (int)size).Fill(0xCD);
            Given[(nint)(*memory)] = 0;
            device.allocations.Add((nint)(*memory), ((long)size, place));
            device.Record(string.Create(CultureInfo.InvariantCulture, $"Alloc {place} {size}"));
            return 0;
        }
    }

    [UnmanagedCallersOnly]
    private static nint AllocatorFree(nint allocator, void* memory)
    {
        if (!Given.TryRemove((nint)memory, out _))
        {
            return library!.AllocatorFree(allocator, memory);
        }

        current?.Locked(() => current.allocations.Remove((nint)memory));
        NativeMemory.AlignedFree(memory);
        return 0;
    }

    [UnmanagedCallersOnly]
    private static nint AddRunConfigEntry(nint options, byte* key, byte* value)
    {
        FakeDevice device = current!;
        lock (device.gate)
        {
            device.Record($"AddRunConfigEntry {Text(key)}={Text(value)}");
            if (Text(key) == "gpu_graph_id")
            {
                device.graphIds[options] = int.Parse(Text(value), CultureInfo.InvariantCulture);
            }
        }

        return device.Real.AddRunConfigEntry(options, key, value);
    }

    [UnmanagedCallersOnly]
    private static nint SynchronizeInputs(nint binding)
    {
        current!.Record("SynchronizeInputs ");
        return current.Real.SynchronizeBoundInputs(binding);
    }

    [UnmanagedCallersOnly]
    private static nint SynchronizeOutputs(nint binding)
    {
        current!.Record("SynchronizeOutputs ");
        return current.Real.SynchronizeBoundOutputs(binding);
    }
}
