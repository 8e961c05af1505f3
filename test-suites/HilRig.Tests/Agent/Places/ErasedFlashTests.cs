using HilRig.Agent.Images;
using HilRig.Agent.Places;
using NUnit.Framework;

namespace HilRig.Tests.Agent.Places;

public class ErasedFlashTests
{
    private readonly ErasedFlash erased = new(new FlashMap(new AddressRange(0x10000000, 0x10100000), new AddressRange(0x10000000, 0x10006000), 0x1000A000, 0x2000, 32, []));

    [Test]
    public void What_was_erased_in_two_steps_takes_a_write_across_both()
    {
        erased.Erased(AddressRange.Of(0x1000A000, 0x20));
        erased.Erased(AddressRange.Of(0x1000C000, 0x2000));

        Assert.That(erased.Holds(AddressRange.Of(0x1000BFE0, 0x40)), Is.True);
        Assert.That(erased.Holds(AddressRange.Of(0x1000DFE0, 0x40)), Is.False);
    }

    [Test]
    public void What_was_written_is_erased_no_more_and_its_neighbours_are()
    {
        erased.Erased(new AddressRange(0x10006000, 0x10100000));
        erased.Written(AddressRange.Of(0x10040004, 8));

        Assert.That(erased.Holds(AddressRange.Of(0x10040000, 32)), Is.False);
        Assert.That(erased.Holds(AddressRange.Of(0x10040020, 32)), Is.True);
        Assert.That(erased.Holds(AddressRange.Of(0x1003FFE0, 32)), Is.True);
    }

    [Test]
    public void Flash_that_no_step_touched_and_what_is_no_flash_is_not_known_to_be_erased()
    {
        Assert.That(erased.Holds(AddressRange.Of(0x10040000, 32)), Is.False);
        Assert.That(erased.Holds(AddressRange.Of(0x20000000, 32)), Is.False);
    }
}
