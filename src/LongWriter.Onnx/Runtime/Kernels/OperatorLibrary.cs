namespace LongWriter.Onnx.Runtime.Kernels;

/// <summary>The operators of ours, which every session on the CPU may use. Made once for a library and never released, as its sessions may be in use until the process ends.</summary>
internal static unsafe class OperatorLibrary
{
    /// <summary>The operators' domain in a graph.</summary>
    public const string Domain = "longwriter";

    private static readonly Lock Gate = new();
    private static readonly Dictionary<OrtApi, nint> Domains = [];

    /// <summary>Lets a session that is created with these options use them.</summary>
    public static void AddTo(OrtLibrary library, nint sessionOptions)
    {
        if (!library.IsAtLeast(OrtApi.OperatorMinorVersion))
        {
            return;
        }

        nint domain;
        lock (Gate)
        {
            if (!Domains.TryGetValue(library.Api, out domain))
            {
                domain = Domains[library.Api] = Create(library.Api);
            }
        }

        library.Api.Check(library.Api.AddOperatorDomain(sessionOptions, domain), "Adding operators");
    }

    private static nint Create(OrtApi api)
    {
        nint domain;
        fixed (byte* name = Utf8.Write(Domain))
        {
            api.Check(api.CreateOperatorDomain(name, &domain), "Creating the operators' domain");
        }

        foreach (CustomOperator operation in new CustomOperator[] { new BlockMatMul(), new NormedBlockMatMul(), new CachedAttention(), new DecoderLayer() })
        {
            api.Check(api.AddOperator(domain, NativeOperator.Create(api, operation)), $"Adding the operator '{operation.Name}'");
        }

        return domain;
    }
}
