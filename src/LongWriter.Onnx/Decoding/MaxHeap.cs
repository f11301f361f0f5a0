namespace LongWriter.Onnx.Decoding;

/// <summary>A binary heap in a span; the root, element 0, is the largest.</summary>
internal static class MaxHeap
{
    public static void Build(Span<ulong> heap)
    {
        for (int i = heap.Length / 2 - 1; i >= 0; i--)
        {
            SiftDown(heap, i);
        }
    }

    /// <summary>Takes the root out; the heap is then one element shorter.</summary>
    public static ulong Pop(Span<ulong> heap)
    {
        ulong root = heap[0];
        heap[0] = heap[^1];
        SiftDown(heap[..^1], 0);
        return root;
    }

    public static void SiftDown(Span<ulong> heap, int index)
    {
        while (2 * index + 1 < heap.Length)
        {
            int child = 2 * index + 1;
            if (child + 1 < heap.Length && heap[child + 1] > heap[child])
            {
                child++;
            }

            if (heap[child] <= heap[index])
            {
                return;
            }

            (heap[index], heap[child]) = (heap[child], heap[index]);
            index = child;
        }
    }
}
