namespace LongWriter;

/// <summary>A point of the curve of cumulative mean negative log-likelihood.</summary>
/// <param name="Tokens">Tokens read so far.</param>
/// <param name="MeanNll">Mean of their negative log-likelihoods, nats per token.</param>
public readonly record struct NllPoint(int Tokens, double MeanNll);
