using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Decoding;

/// <summary>What the caches on a device have in common.</summary>
internal static class DeviceBuffers
{
    /// <summary>All or none: a device that is full gives back what was taken before.</summary>
    /// <exception cref="OnnxRuntimeException">There is not so much memory.</exception>
    public static DeviceBuffer[] Allocate(OrtDevice device, int count, long lengthBytes)
    {
        var buffers = new DeviceBuffer[count];
        int made = 0;
        try
        {
            for (; made < count; made++)
            {
                buffers[made] = device.Allocate(lengthBytes);
            }
        }
        catch
        {
            foreach (DeviceBuffer buffer in buffers.AsSpan(0, made))
            {
                buffer.Dispose();
            }

            throw;
        }

        return buffers;
    }

    public static NotSupportedException NotOnHost(OrtDevice device) =>
        new($"Keys and values are in the memory '{device.MemoryName}'; what looks into them, as calibration does, needs a model that is loaded on the CPU.");
}
