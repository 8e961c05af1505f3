using HilRig.Agent.Places;
using HilRig.Agent.Running;
using HilRig.Kboot;
using HilRig.Model;
using HilRig.Model.Sequences;
using NUnit.Framework;

namespace HilRig.Tests.Agent.Running;

/// <summary>What the KV58's map says of a request that a board refused.</summary>
public class RequestWitnessTests
{
    private static readonly BoardType Board = BoardTypeFile.Load("kv58", new SourcePosition("places.yaml", 1, 1));

    [TestCase(CommandTag.WriteMemory, 0x1000A000u, 32u, RequestState.Sound)]
    [TestCase(CommandTag.WriteMemory, 0x1000A010u, 32u, RequestState.Refusable, TestName = "a write off its alignment")]
    [TestCase(CommandTag.WriteMemory, 0x10000000u, 32u, RequestState.Refusable, TestName = "a write over the bootloader")]
    [TestCase(CommandTag.WriteMemory, 0x100FFFE0u, 64u, RequestState.Refusable, TestName = "a write across the end of flash")]
    [TestCase(CommandTag.WriteMemory, 0x20000000u, 32u, RequestState.Unknown, TestName = "a write to RAM, of which the bootloader keeps some")]
    [TestCase(CommandTag.FlashEraseRegion, 0x1000A000u, 0x2000u, RequestState.Sound)]
    [TestCase(CommandTag.FlashEraseRegion, 0x1000A000u, 0x2001u, RequestState.Refusable, TestName = "an erase of an odd length")]
    [TestCase(CommandTag.FlashEraseRegion, 0x10004000u, 0x2000u, RequestState.Refusable, TestName = "an erase of the bootloader")]
    [TestCase(CommandTag.ReadMemory, 0x10000001u, 3u, RequestState.Sound)]
    [TestCase(CommandTag.ReadMemory, 0x60000000u, 4u, RequestState.Unknown)]
    [TestCase(CommandTag.SetProperty, 0x1000A000u, 32u, RequestState.Unknown, TestName = "a command without an address")]
    public void The_map_decides_where_it_can(CommandTag tag, uint start, uint length, RequestState expected) =>
        Assert.That(RequestWitness.Look(Board.Map, new CommandPacket(tag, 0, start, length)), Is.EqualTo(expected));

    [Test]
    public void Nothing_is_said_of_a_request_that_nobody_noted() =>
        Assert.That(RequestWitness.Look(Board.Map, null), Is.EqualTo(RequestState.Unknown));
}
