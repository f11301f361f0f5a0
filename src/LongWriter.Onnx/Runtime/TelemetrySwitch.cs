using System.Runtime.InteropServices;

namespace LongWriter.Onnx.Runtime;

/// <summary>
/// Turns off the telemetry client in official builds of ONNX Runtime. It reads ORT_DISABLE_TELEMETRY from the native environment, which .NET on
/// Unix copies once and does not write back: Environment.SetEnvironmentVariable alone changes nothing there (measured with 1.30.0: the client
/// still wrote its files and looked up its host), and neither does the C API's DisableTelemetryEvents after the environment is created.
/// </summary>
internal static partial class TelemetrySwitch
{
    private const string Variable = "ORT_DISABLE_TELEMETRY";

    public static void TurnOff()
    {
        // On Windows this calls SetEnvironmentVariableW, which native code sees.
        Environment.SetEnvironmentVariable(Variable, "1");
        if (!OperatingSystem.IsWindows() && SetNativeVariable(Variable, "1", 1) != 0)
        {
            throw new OnnxRuntimeException($"Setting {Variable} in the native environment failed (errno {Marshal.GetLastPInvokeError()}), so telemetry cannot be switched off. Set it before starting the process.", OnnxRuntimeErrorCode.LibraryUnusable);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetNativeVariable(string name, string value, int overwrite);
}
