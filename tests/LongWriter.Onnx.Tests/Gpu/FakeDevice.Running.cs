using System.Globalization;
using System.Runtime.InteropServices;

namespace LongWriter.Onnx.Tests.Gpu;

/// <summary>Tensors, bindings, copies and runs, with what a device does differently.</summary>
internal sealed unsafe partial class FakeDevice
{
    /// <summary>Whether runs with an id are captured, as in a session with enable_cuda_graph.</summary>
    public bool Captures { get; set; }

    [UnmanagedCallersOnly]
    private static nint CreateTensorWithData(nint info, void* data, nuint length, long* shape, nuint rank, int type, nint* value)
    {
        FakeDevice device = current!;
        lock (device.gate)
        {
            string said = device.memoryInfos.GetValueOrDefault(info, "Cpu");
            string found = device.PlaceOf((nint)data, (long)length);
            if (said != found)
            {
                device.Violations.Add($"A tensor is said to be in {said} but lies in {found}.");
            }

            nint status = device.Real.CreateTensorWithData(info, data, length, shape, rank, type, value);
            device.tensors[*value] = new Tensor(said, (nint)data, (long)length, new Span<long>(shape, (int)rank).ToArray(), type);
            device.Record($"CreateTensor {device.tensors[*value].Describe()}");
            return status;
        }
    }

    [UnmanagedCallersOnly]
    private static void ReleaseValue(nint value)
    {
        current?.Locked(() => current.tensors.Remove(value));
        library!.ReleaseValue(value);
    }

    [UnmanagedCallersOnly]
    private static nint BindInput(nint binding, byte* name, nint value)
    {
        FakeDevice device = current!;
        lock (device.gate)
        {
            string input = Text(name);
            Tensor tensor = device.tensors[value];
            bool isReadOnHost = device.HostInputs.Contains(input);
            device.Record($"BindInput {input} {tensor.Describe()}");
            if (isReadOnHost && tensor.Place == device.Memory)
            {
                device.Violations.Add($"'{input}' is read on the host and bound on the device.");
            }

            if (isReadOnHost || tensor.Place == device.Memory)
            {
                device.bound[(binding, input)] = tensor;
                return device.Real.BindInput(binding, name, value);
            }

            return device.BindCopy(binding, name, tensor);
        }
    }

    [UnmanagedCallersOnly]
    private static nint BindOutput(nint binding, byte* name, nint value)
    {
        FakeDevice device = current!;
        lock (device.gate)
        {
            device.bound[(binding, Text(name))] = device.tensors[value];
            device.Record($"BindOutput {Text(name)} {device.tensors[value].Describe()}");
            return device.Real.BindOutput(binding, name, value);
        }
    }

    [UnmanagedCallersOnly]
    private static nint CopyTensors(nint environment, nint* sources, nint* targets, nint stream, nuint count)
    {
        FakeDevice device = current!;
        lock (device.gate)
        {
            for (nuint i = 0; i < count; i++)
            {
                Tensor from = device.tensors[sources[i]];
                Tensor to = device.tensors[targets[i]];
                device.Record(string.Create(CultureInfo.InvariantCulture, $"Copy {from.Place}->{to.Place} {from.Length}"));
                if (from.Place != device.Memory && to.Place != device.Memory)
                {
                    device.Violations.Add("A copy from the host to the host.");
                }

                if (from.Length != to.Length || from.Type != to.Type)
                {
                    return device.Fail("Tensors differ.");
                }

                Bytes(from).CopyTo(Bytes(to));
            }

            return 0;
        }
    }

    [UnmanagedCallersOnly]
    private static nint RunWithBinding(nint session, nint options, nint binding)
    {
        FakeDevice device = current!;
        Dictionary<string, Tensor> inputsAndOutputs;
        lock (device.gate)
        {
            inputsAndOutputs = device.bound.Where(entry => entry.Key.Binding == binding).ToDictionary(entry => entry.Key.Name, entry => entry.Value);
            device.LastPlacement = inputsAndOutputs.ToDictionary(entry => entry.Key, entry => entry.Value.Place);
            if (!device.Captures)
            {
                device.Record("Run ");
                inputsAndOutputs = [];
            }
        }

        int id = device.graphIds.GetValueOrDefault(options, 0);
        return inputsAndOutputs.Count == 0 ? device.Real.RunWithBinding(session, options, binding)
            : id < 0 ? device.RunPlainly(session, options, binding)
            : device.captures.TryGetValue((session, id), out Capture? capture) ? device.Replay(session, options, binding, id, capture, inputsAndOutputs)
            : device.CaptureRun(session, options, binding, id, inputsAndOutputs);
    }

    private nint RunPlainly(nint session, nint options, nint binding)
    {
        Record("Run not captured");
        return Real.RunWithBinding(session, options, binding);
    }

    private nint CaptureRun(nint session, nint options, nint binding, int id, Dictionary<string, Tensor> inputsAndOutputs)
    {
        Record(string.Create(CultureInfo.InvariantCulture, $"Run captured as {id}"));
        captures[(session, id)] = new Capture(
            inputsAndOutputs.ToDictionary(entry => entry.Key, entry => entry.Value.Address),
            inputsAndOutputs.Where(entry => HostInputs.Contains(entry.Key)).ToDictionary(entry => entry.Key, entry => Bytes(entry.Value).ToArray()));
        return Real.RunWithBinding(session, options, binding);
    }

    private nint Replay(nint session, nint options, nint binding, int id, Capture capture, Dictionary<string, Tensor> inputsAndOutputs)
    {
        Record(string.Create(CultureInfo.InvariantCulture, $"Run replayed {id}"));
        foreach ((string name, Tensor tensor) in inputsAndOutputs)
        {
            if (capture.Addresses[name] != tensor.Address)
            {
                Violations.Add($"Graph {id} is replayed, and '{name}' is not where it was.");
            }

            if (tensor.Place != Memory && !HostInputs.Contains(name))
            {
                Violations.Add($"Graph {id} is replayed, and '{name}' is not on the device, so it keeps its old value.");
            }
        }

        // Attention on a GPU shares its work out by the longest length, which a captured graph keeps; the CPU's, which computes here, does without it.
        int longest = MemoryMarshal.Read<int>(capture.HostValues["total_sequence_length"]);
        foreach (int length in MemoryMarshal.Cast<byte, int>(Bytes(inputsAndOutputs["seqlens_k"])))
        {
            if (length + 1 > longest)
            {
                Violations.Add($"Graph {id} was captured for {longest} positions, and a row has {length + 1}.");
            }
        }

        // A replay does not look at the host's values again.
        Dictionary<string, byte[]> now = capture.HostValues.Keys.ToDictionary(name => name, name => Bytes(inputsAndOutputs[name]).ToArray());
        SetHostValues(capture.HostValues, inputsAndOutputs);
        nint status = Real.RunWithBinding(session, options, binding);
        SetHostValues(now, inputsAndOutputs);
        return status;
    }

    private static void SetHostValues(Dictionary<string, byte[]> values, Dictionary<string, Tensor> inputsAndOutputs)
    {
        foreach ((string name, byte[] value) in values)
        {
            value.CopyTo(Bytes(inputsAndOutputs[name]));
        }
    }

    private static Span<byte> Bytes(Tensor tensor) => new((void*)tensor.Address, (int)tensor.Length);

    /// <summary>What ONNX Runtime does with an input that lies elsewhere than it is read: it copies it, now.</summary>
    private nint BindCopy(nint binding, byte* name, Tensor tensor)
    {
        var copy = (nint)NativeMemory.AlignedAlloc((nuint)Math.Max(1, tensor.Length), 256);
        copiesAtBinding.Add(copy);
        Bytes(tensor).CopyTo(new Span<byte>((void*)copy, (int)tensor.Length));
        bound[(binding, Text(name))] = tensor with { Address = copy, Place = "copied when bound" };
        nint info;
        Real.CreateCpuMemoryInfo(0, 0, &info);
        nint value;
        fixed (long* shape = tensor.Shape)
        {
            Real.Check(Real.CreateTensorWithData(info, (void*)copy, (nuint)tensor.Length, shape, (nuint)tensor.Shape.Length, tensor.Type, &value), "Copying");
        }

        nint status = Real.BindInput(binding, name, value);
        Real.ReleaseValue(value);
        Real.ReleaseMemoryInfo(info);
        return status;
    }
}
