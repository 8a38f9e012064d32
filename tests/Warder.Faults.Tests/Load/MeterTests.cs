using System.Net;
using Warder.Faults.Checks;
using Warder.Faults.Cluster;
using Warder.Faults.Load;

namespace Warder.Faults.Tests.Load;

public sealed class MeterTests
{
    [Fact]
    public void Availability_is_the_share_of_the_time_in_which_a_node_served_outside_its_excuses()
    {
        using var process = new RunningProgram(["true"], "/dev/null");
        using var node = new Node("node1", new IPEndPoint(IPAddress.Loopback, 0), process, null, null);
        var meter = new Meter([node]);
        long At(double stretch) => meter.Began + (long)(stretch * Meter.Ticks(Meter.Stretch));
        Code[] served = [Code.Allowed, Code.Revoked], mixed = [Code.Allowed, Code.Unavailable];
        foreach (var stretch in (int[])[0, 1, 2, 3, 5, 8, 9])
            meter.Answered(node, At(stretch + 0.5), served);
        meter.Answered(node, At(4.5), mixed);
        meter.Unavailable(node, At(6.5), 10);

        // Stretches 1 to 9: seven whole ones, a half, one that was unavailable, and one without an answer.
        var found = meter.AvailabilityOf(node, [], At(10));
        Assert.Equal(6.5 / 9, found.Share, 6);
        Assert.Equal(9 * Meter.Stretch, found.Looked);
        Assert.Equal([(At(4), At(5)), (At(6), At(8))], found.Gaps);
        found = meter.AvailabilityOf(node, [(At(6.2), At(7.9))], At(10));
        Assert.Equal(6.5 / 7, found.Share, 6);
        Assert.Equal(7 * Meter.Stretch, found.Looked);
        Assert.Equal(15, meter.Validations);
    }

    [Fact]
    public void In_an_application_each_answer_counts_and_as_service_those_to_one_question_are_one()
    {
        using var process = new RunningProgram(["true"], "/dev/null");
        using var replica = new Replica("replica1", new IPEndPoint(IPAddress.Loopback, 0), process, [], null, null);
        var meter = new Meter([replica]);
        long At(double stretch) => meter.Began + (long)(stretch * Meter.Ticks(Meter.Stretch));
        void Answer(Code code, int count, double stretch) => meter.Answered(
            replica, new Streak(1, 1, code, count, (At(0), At(0)), (At(stretch), At(stretch))));
        Answer(Code.Allowed, 1_000_000, 1.5);
        Answer(Code.Unavailable, 1, 1.5);
        Answer(Code.Revoked, 1, 2.5);
        meter.AnsweredFromMemory(replica, 999_999);

        Assert.Equal(0.75, meter.AvailabilityOf(replica, [], At(3)).Share, 6);
        Assert.Equal(
            (1_000_000, 1, 1),
            (meter[replica].ByCode[(int)Code.Allowed], meter[replica].ByCode[(int)Code.Revoked],
            meter[replica].ByCode[(int)Code.Unavailable]));
        Assert.Equal((0, 999_999), (meter.Validations, meter.FromMemory));
    }
}
