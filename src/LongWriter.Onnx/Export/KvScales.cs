namespace LongWriter.Onnx.Export;

/// <summary>Scales of int8 keys and values: one step of an int8 stands for this value; larger ones than 127 steps are cut.</summary>
/// <param name="Keys">Per layer, above 0.</param>
/// <param name="Values">Per layer, above 0.</param>
public sealed record KvScales(IReadOnlyList<float> Keys, IReadOnlyList<float> Values)
{
    internal void Validate(int layerCount)
    {
        foreach ((string name, IReadOnlyList<float> scales) in ((string, IReadOnlyList<float>)[])[(nameof(Keys), Keys), (nameof(Values), Values)])
        {
            if (scales.Count != layerCount)
            {
                throw new ArgumentException($"KvScales.{name} must have one scale for each of {layerCount} layers but has {scales.Count}.");
            }

            for (int layer = 0; layer < scales.Count; layer++)
            {
                if (!(scales[layer] > 0) || !float.IsFinite(scales[layer]))
                {
                    throw new ArgumentException(FormattableString.Invariant($"KvScales.{name}[{layer}] must be a finite number above 0 but is {scales[layer]}."));
                }
            }
        }
    }
}
