namespace LongWriter.Onnx.Runtime;

/// <summary>Execution providers: which are compiled in, and adding one to session options.</summary>
internal static unsafe class OrtProviders
{
    /// <summary>The providers the native library was compiled with, without "ExecutionProvider". One that is listed may still lack its files or driver.</summary>
    public static IReadOnlyList<string> Available(OrtEnvironment environment)
    {
        OrtApi api = environment.Library.Api;
        byte** names;
        int count;
        api.Check(api.GetAvailableProviders(&names, &count), "Listing execution providers");
        try
        {
            string[] result = new string[count];
            for (int i = 0; i < count; i++)
            {
                result[i] = (Utf8.Read(names[i]) ?? string.Empty).Replace("ExecutionProvider", string.Empty, StringComparison.Ordinal);
            }

            return result;
        }
        finally
        {
            api.Check(api.ReleaseAvailableProviders(names, count), "Releasing the list of execution providers");
        }
    }

    /// <summary>Adds <paramref name="provider"/>; the CPU needs no adding.</summary>
    /// <exception cref="OnnxRuntimeException">It is not compiled in, or a file or driver it needs is not there; the message says what to install.</exception>
    public static void Append(OrtEnvironment environment, nint options, ExecutionProvider provider)
    {
        switch (provider)
        {
            case CudaProvider cuda:
                RequireCompiledIn(environment, cuda.Name);
                AppendCuda(environment, options, cuda);
                break;
            case NamedProvider named:
                RequireCompiledIn(environment, named.Name);
                AppendNamed(environment, options, named);
                break;
        }
    }

    private static void RequireCompiledIn(OrtEnvironment environment, string name)
    {
        IReadOnlyList<string> available = Available(environment);
        // The list spells WebGPU "WebGpu", appending does not.
        if (!available.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            throw new OnnxRuntimeException(
                $"The execution provider '{name}' is not in this build of ONNX Runtime ({environment.Library.Path}, {environment.Library.Version}), which has {string.Join(", ", available)}. "
                + (name == "CUDA" ? "Add the package Microsoft.ML.OnnxRuntime.Gpu instead of Microsoft.ML.OnnxRuntime." : "Use a build that has it."),
                OnnxRuntimeErrorCode.ProviderMissing);
        }
    }

    private static void AppendCuda(OrtEnvironment environment, nint options, CudaProvider provider)
    {
        const string Needed =
            "Needed: libonnxruntime_providers_shared and libonnxruntime_providers_cuda beside the native library (package Microsoft.ML.OnnxRuntime.Gpu), an NVIDIA driver, CUDA and cuDNN.";
        OrtApi api = environment.Library.Api;
        nint pointer;
        RequirePresent(api, api.CreateCudaOptions(&pointer), provider.Name, Needed);
        using var cuda = new OrtHandle(pointer, api.ReleaseCudaOptions);
        using (var native = new NativeOptions(provider.ToNative()))
        {
            // This is where 1.30.0 first looks for the provider's libraries.
            RequirePresent(api, api.UpdateCudaOptions(pointer, native.Keys, native.Values, native.Count), provider.Name, Needed);
        }

        RequirePresent(api, api.AppendCuda(options, pointer), provider.Name, Needed);
    }

    private static void AppendNamed(OrtEnvironment environment, nint options, NamedProvider provider)
    {
        OrtApi api = environment.Library.Api;
        using var native = new NativeOptions(provider.Options);
        fixed (byte* name = Utf8.Write(provider.Name))
        {
            RequirePresent(api, api.AppendProvider(options, name, native.Keys, native.Values, native.Count), provider.Name, provider == NamedProvider.WebGpu
                ? "Needed: a GPU with a driver for Vulkan (Linux: libvulkan.so.1 and the vendor's driver), Metal or Direct3D 12."
                : "Its driver or one of its files may be missing.");
        }
    }

    private static void RequirePresent(OrtApi api, nint status, string name, string needed)
    {
        if (status != 0)
        {
            OnnxRuntimeException failure = api.ToException(status, $"The execution provider '{name}' cannot be used");
            throw new OnnxRuntimeException($"{failure.Message.TrimEnd()} {needed}", OnnxRuntimeErrorCode.ProviderMissing);
        }
    }
}
