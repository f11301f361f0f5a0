namespace LongWriter.Onnx.Runtime;

/// <summary>Reads what a session says about its model: inputs, outputs, metadata.</summary>
internal static unsafe class OrtSignature
{
    public static OrtValueInfo[] ReadInputs(OrtApi api, OrtHandle session)
    {
        using OrtHandle.Lease lease = session.Use();
        nuint count;
        api.Check(api.SessionGetInputCount(lease.Pointer, &count), "Counting inputs");
        return Read(api, lease.Pointer, (int)count, api.SessionGetInputName, api.SessionGetInputTypeInfo);
    }

    public static OrtValueInfo[] ReadOutputs(OrtApi api, OrtHandle session)
    {
        using OrtHandle.Lease lease = session.Use();
        nuint count;
        api.Check(api.SessionGetOutputCount(lease.Pointer, &count), "Counting outputs");
        return Read(api, lease.Pointer, (int)count, api.SessionGetOutputName, api.SessionGetOutputTypeInfo);
    }

    public static string? LookUpMetadata(OrtApi api, OrtHandle session, string key)
    {
        using OrtHandle.Lease lease = session.Use();
        nint metadata;
        api.Check(api.SessionGetModelMetadata(lease.Pointer, &metadata), "Reading metadata");
        using var handle = new OrtHandle(metadata, api.ReleaseModelMetadata);
        byte* value;
        fixed (byte* keyBytes = Utf8.Write(key))
        {
            api.Check(api.ModelMetadataLookup(metadata, DefaultAllocator(api), keyBytes, &value), $"Reading the metadata entry '{key}'");
        }

        return TakeText(api, value);
    }

    private static OrtValueInfo[] Read(
        OrtApi api, nint session, int count, delegate* unmanaged<nint, nuint, nint, byte**, nint> getName, delegate* unmanaged<nint, nuint, nint*, nint> getType)
    {
        var values = new OrtValueInfo[count];
        for (int i = 0; i < count; i++)
        {
            byte* name;
            nint type;
            api.Check(getName(session, (nuint)i, DefaultAllocator(api), &name), "Reading a name");
            string text = TakeText(api, name) ?? string.Empty;
            api.Check(getType(session, (nuint)i, &type), $"Reading the type of '{text}'");
            using var handle = new OrtHandle(type, api.ReleaseTypeInfo);
            values[i] = ReadType(api, text, type);
        }

        return values;
    }

    private static OrtValueInfo ReadType(OrtApi api, string name, nint type)
    {
        nint tensor;
        api.Check(api.CastTypeInfoToTensorInfo(type, &tensor), $"Reading the type of '{name}'");
        if (tensor == 0)
        {
            return new OrtValueInfo(name, TensorElementType.Undefined, []);
        }

        int elementType;
        nuint rank;
        api.Check(api.GetTensorElementType(tensor, &elementType), $"Reading the element type of '{name}'");
        api.Check(api.GetDimensionsCount(tensor, &rank), $"Reading the rank of '{name}'");
        long[] sizes = new long[rank];
        nint[] symbols = new nint[rank];
        fixed (long* sizesPointer = sizes)
        fixed (nint* symbolsPointer = symbols)
        {
            api.Check(api.GetDimensions(tensor, sizesPointer, rank), $"Reading the shape of '{name}'");
            api.Check(api.GetSymbolicDimensions(tensor, (byte**)symbolsPointer, rank), $"Reading the shape of '{name}'");
        }

        var dimensions = new OrtDimension[rank];
        for (int i = 0; i < dimensions.Length; i++)
        {
            string? symbol = Utf8.Read((byte*)symbols[i]);
            dimensions[i] = new OrtDimension(sizes[i] < 0 ? null : sizes[i], string.IsNullOrEmpty(symbol) ? null : symbol);
        }

        return new OrtValueInfo(name, (TensorElementType)elementType, dimensions);
    }

    private static nint DefaultAllocator(OrtApi api)
    {
        // Owned by the library.
        nint allocator;
        api.Check(api.GetAllocatorWithDefaultOptions(&allocator), "Getting the default allocator");
        return allocator;
    }

    private static string? TakeText(OrtApi api, byte* text)
    {
        string? result = Utf8.Read(text);
        if (text is not null)
        {
            api.Check(api.AllocatorFree(DefaultAllocator(api), text), "Freeing a text");
        }

        return result;
    }
}
