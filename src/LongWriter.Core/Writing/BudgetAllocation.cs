namespace LongWriter.Writing;

/// <summary>Divides a number of words among sections by weight, within bounds, by largest remainders.</summary>
internal static class BudgetAllocation
{
    private const int Ten = 10;

    /// <summary>Budgets in proportion to the weights, each within the bounds, that sum exactly to the total. Tens where the bounds allow.</summary>
    /// <param name="weights">At least one; each 1 or more.</param>
    /// <param name="total">The sum; between as many minima and as many maxima as there are weights.</param>
    /// <param name="minimum">Lower bound, 1 or more.</param>
    /// <param name="maximum">Upper bound.</param>
    public static int[] Allocate(int[] weights, int total, int minimum, int maximum)
    {
        int lower = (minimum + Ten - 1) / Ten;
        int upper = maximum / Ten;
        int tens = total / Ten;
        if ((long)weights.Length * lower <= tens && tens <= (long)weights.Length * upper)
        {
            int[] budgets = Divide(weights, tens, lower, upper);
            int odd = total - (tens * Ten);
            int last = Array.FindLastIndex(budgets, units => ((long)units * Ten) + odd <= maximum);
            if (last >= 0)
            {
                budgets = Array.ConvertAll(budgets, static units => units * Ten);
                budgets[last] += odd;
                return budgets;
            }
        }

        return Divide(weights, total, minimum, maximum);
    }

    /// <summary>
    /// Scales the weights by the one factor at which, clamped to the bounds, they sum to the total; rounds down; gives the units that are left to
    /// the largest remainders, the earlier first among equals.
    /// </summary>
    private static int[] Divide(int[] weights, int total, int lower, int upper)
    {
        double factor = Factor(weights, total, lower, upper);
        int[] shares = new int[weights.Length];
        double[] remainders = new double[weights.Length];
        int left = total;
        for (int i = 0; i < weights.Length; i++)
        {
            double share = Math.Clamp(weights[i] * factor, lower, upper);
            shares[i] = (int)share;
            remainders[i] = share - shares[i];
            left -= shares[i];
        }

        int[] order = [.. Enumerable.Range(0, weights.Length).OrderByDescending(i => remainders[i])];
        while (left > 0)
        {
            foreach (int i in order)
            {
                if (left > 0 && shares[i] < upper)
                {
                    shares[i]++;
                    left--;
                }
            }
        }

        return shares;
    }

    /// <summary>By bisection to the last bit, from below, so that the clamped sum never exceeds the total.</summary>
    private static double Factor(int[] weights, int total, int lower, int upper)
    {
        double low = 0;
        double high = total;
        while (true)
        {
            double middle = low + ((high - low) / 2);
            if (middle <= low || middle >= high)
            {
                return low;
            }

            double sum = 0;
            foreach (int weight in weights)
            {
                sum += Math.Clamp(weight * middle, lower, upper);
            }

            (low, high) = sum <= total ? (middle, high) : (low, middle);
        }
    }
}
