using LongWriter.Onnx.Decoding;

namespace LongWriter.Onnx.Tests.Decoding.Drafting;

/// <summary>The middle of what was measured of late.</summary>
public sealed class LateMedianTests
{
    [Fact]
    public void Value_FewMeasurements_IsTheLowerMiddle()
    {
        var median = new LateMedian();
        Assert.Equal((0, 0.0), (median.Count, median.Value));

        median.Add(5);
        Assert.Equal(5, median.Value);
        median.Add(3);
        Assert.Equal(3, median.Value);
        median.Add(100);
        Assert.Equal((3, 5.0), (median.Count, median.Value));
    }

    [Fact]
    public void Value_ManyMeasurements_IsOfTheLastOnes()
    {
        var median = new LateMedian();
        for (int i = 0; i < 100; i++)
        {
            median.Add(i);
        }

        // 93 to 99.
        Assert.Equal((LateMedian.Kept, 96.0), (median.Count, median.Value));
    }

    [Fact]
    public void Drop_OneByOne_LeavesTheLatest()
    {
        var median = new LateMedian();
        foreach (double each in (double[])[9, 9, 2, 1])
        {
            median.Add(each);
        }

        median.Drop();
        median.Drop();
        Assert.Equal((2, 1.0), (median.Count, median.Value));
        median.Drop();
        Assert.Equal(1, median.Value);
        median.Drop();
        median.Drop();
        Assert.Equal((0, 0.0), (median.Count, median.Value));
        median.Add(4);
        Assert.Equal(4, median.Value);
    }

    [Fact]
    public void Clear_ThenOthers_KnowsOnlyThese()
    {
        var median = new LateMedian();
        median.Add(1);
        median.Add(1);

        median.Clear();
        median.Add(7);

        Assert.Equal((1, 7.0), (median.Count, median.Value));
    }
}
