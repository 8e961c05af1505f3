using HilRig.Agent.Probe;
using HilRig.Tests.SystemTests;
using NUnit.Framework;

namespace HilRig.Tests.Agent.Probe;

/// <summary>Each typed call of the probe, through the real pyOCD, on a virtual board.</summary>
public class PyOcdProbeTests
{
    private const uint Dtcm = 0x20000400, Flash = 0x10000000, Application = 0x1000A000, Dhcsr = 0xE000EDF0, HaltedBit = 1u << 17;

    private TestBoard board = null!;
    private PyOcdProbe probe = null!;

    [OneTimeSetUp]
    public async Task StartBoard()
    {
        board = await TestBoard.StartAsync("--dcache", "on", "--app", TestBoard.RepositoryFile("test-suites/images/app-6k.bin"));
        probe = board.OpenProbe();
    }

    [OneTimeTearDown]
    public async Task StopBoard()
    {
        await probe.DisposeAsync();
        board.Dispose();
    }

    [Test]
    public async Task What_is_written_to_RAM_is_read_back_by_block_and_by_word()
    {
        var bytes = new byte[5000];
        new Random(7).NextBytes(bytes);

        await probe.WriteMemoryAsync(Dtcm, bytes, MemoryView.Array, default);
        await probe.WriteWordAsync(Dtcm + 8, 0x12345678, default);
        BitConverter.TryWriteBytes(bytes.AsSpan(8), 0x12345678);

        Assert.That(await probe.ReadMemoryAsync(Dtcm, bytes.Length, MemoryView.Core, default), Is.EqualTo(bytes));
        Assert.That(await probe.ReadWordsAsync([Dtcm + 8, Dtcm, Dtcm + 8], default), Is.EqualTo(new uint[] { 0x12345678, BitConverter.ToUInt32(bytes), 0x12345678 }));
    }

    [Test]
    public async Task A_halted_core_runs_on_when_it_is_let_go_and_its_registers_can_be_changed_meanwhile()
    {
        await using (var core = await probe.HaltAsync(default))
        {
            Assert.That(await probe.ReadWordAsync(Dhcsr, default) & HaltedBit, Is.Not.Zero);
            var before = await core.ReadRegistersAsync(["r0", "xpsr", "pc"], default);
            await core.WriteRegistersAsync(new Dictionary<string, uint> { ["r0"] = 0xCAFE, ["primask"] = 1 }, default);
            Assert.That((await core.ReadRegistersAsync(["r0", "primask"], default)).Values, Is.EqualTo(new[] { 0xCAFEu, 1u }));
            await core.WriteRegistersAsync(new Dictionary<string, uint>(before) { ["primask"] = 0 }, default);
        }

        Assert.That(await probe.ReadWordAsync(Dhcsr, default) & HaltedBit, Is.Zero);
    }

    [TestCase(ProbeReset.Pin, 0x40u)]
    [TestCase(ProbeReset.System, 0x400u)]
    public async Task A_reset_is_made_in_the_way_that_was_asked_for(ProbeReset reset, uint cause)
    {
        await probe.ResetAsync(reset, default);

        var sources = await probe.ReadMemoryAsync(0x4007F000, 2, MemoryView.Array, default);
        Assert.That(BitConverter.ToUInt16(sources) & cause, Is.Not.Zero, $"RCM_SRS {BitConverter.ToUInt16(sources):X4}");
    }

    [Test]
    public async Task A_reset_of_the_core_alone_is_no_system_reset()
    {
        await probe.ResetAsync(ProbeReset.System, default);
        await probe.ResetAsync(ProbeReset.Core, default);

        Assert.That(BitConverter.ToUInt16(await probe.ReadMemoryAsync(0x4007F000, 2, MemoryView.Array, default)) & 0x400, Is.Not.Zero);
    }

    [Test]
    public async Task The_core_loads_what_its_cache_holds_and_is_as_it_was_afterwards()
    {
        await probe.ResetAsync(ProbeReset.System, default);
        await using var core = await probe.HaltAsync(default);
        string[] names = ["r0", "r1", "r2", "r3", "pc", "xpsr", "primask", "sp", "lr"];
        var before = await core.ReadRegistersAsync(names, default);
        var scratch = await probe.ReadMemoryAsync(0, 8192, MemoryView.Array, default);
        var loads = new CoreLoads(core, HilRig.Agent.Images.AddressRange.Of(0, 0x10000), TimeProvider.System);

        var seen = await loads.ReadAsync(Application, 6144, default);

        Assert.That(seen, Is.EqualTo(await probe.ReadMemoryAsync(Application, 6144, MemoryView.Array, default)));
        // The board's bootloader loaded the application's vectors through its cache when it started; behind its back they go.
        await new FlashController(core, Flash, TimeProvider.System).EraseSectorAsync(Application, default);
        Assert.That(await probe.ReadMemoryAsync(Application, 8, MemoryView.Array, default), Has.All.EqualTo(0xFF));
        Assert.That(await loads.ReadAsync(Application, 8, default), Is.EqualTo(seen[..8]).And.EqualTo(await probe.ReadMemoryAsync(Application, 8, MemoryView.Core, default)));
        Assert.That(await core.ReadRegistersAsync(names, default), Is.EqualTo(before));
        Assert.That(await probe.ReadMemoryAsync(0, 8192, MemoryView.Array, default), Is.EqualTo(scratch));
        Assert.That((await CoreCaches.ReadAsync(core, default)).ToString(), Does.Contain("D-cache on").And.Contain("8 KB, 4 ways, 32-byte lines"));
    }

    [Test]
    public async Task A_load_that_faults_is_reported_with_its_address_and_the_core_is_put_back()
    {
        await using var core = await probe.HaltAsync(default);
        var before = await core.ReadRegistersAsync(["r0", "pc"], default);

        Assert.That(async () => await new CoreLoads(core, HilRig.Agent.Images.AddressRange.Of(0, 0x10000), TimeProvider.System).ReadAsync(0x60000000, 64, default),
            Throws.TypeOf<ProbeException>().With.Message.Contains("faults on loading from 0x60000000"));

        Assert.That(await core.ReadRegistersAsync(["r0", "pc"], default), Is.EqualTo(before));
    }

    [Test]
    public async Task Flash_is_erased_programmed_and_read_at_a_margin_without_a_pack()
    {
        const uint Target = 0x10080000;
        var bytes = new byte[2 * 8192 - 20];
        new Random(11).NextBytes(bytes);
        await using var core = await probe.HaltAsync(default);
        var flash = new FlashController(core, Flash, TimeProvider.System);

        await flash.EraseSectorAsync(Target, default);
        await flash.EraseSectorAsync(Target + 8192, default);
        Assert.That(await flash.IsErasedAsync(Target, 512, ReadMargin.Factory, default), Is.True);
        await flash.ProgramAsync(Target, bytes, default);

        Assert.That((await probe.ReadMemoryAsync(Target, bytes.Length, MemoryView.Array, default)), Is.EqualTo(bytes));
        Assert.That(await flash.IsErasedAsync(Target, 1, ReadMargin.Normal, default), Is.False);
        Assert.That(await flash.FindWeakWordsAsync(Target, bytes.AsMemory(0, 1024), ReadMargin.User, default), Is.Empty);
        bytes[40] ^= 1;
        Assert.That(await flash.FindWeakWordsAsync(Target, bytes.AsMemory(0, 1024), ReadMargin.User, default), Is.EqualTo(new[] { Target + 40 }));
    }

    [Test]
    public async Task What_the_flash_controller_refuses_is_said_in_its_words()
    {
        await using var core = await probe.HaltAsync(default);

        Assert.That(async () => await new FlashController(core, Flash, TimeProvider.System).EraseSectorAsync(0x10000010, default),
            Throws.TypeOf<ProbeException>().With.Message.Contains("ACCERR").And.Message.Contains(probe.Uid));
    }

    [Test]
    public async Task A_secured_part_is_seen_through_the_debug_port_and_opened_by_a_mass_erase()
    {
        using var secured = await TestBoard.StartAsync("--bootloader", SecuredRelease());
        await using var its = secured.OpenProbe();

        Assert.That((await its.ReadMdmStatusAsync(default)).ToString(), Does.Contain("secured").And.Not.Contain("not secured"));
        Assert.That((await its.MassEraseAsync(TimeProvider.System, default)).IsSecured, Is.False);
        Assert.That(await its.ReadMemoryAsync(0x10000000, 1024, MemoryView.Array, default), Has.All.EqualTo(0xFF));
        Assert.That((await probe.ReadMdmStatusAsync(default)).IsSecured, Is.False, "the other board is not disturbed");

        string SecuredRelease()
        {
            var image = File.ReadAllBytes(TestBoard.RepositoryFile("test-suites/images/kboot-2.0.0-stock.bin"));
            image[0x40C] = 0xFF;
            var file = Path.Combine(board.Folder, "secured.bin");
            File.WriteAllBytes(file, image);
            return file;
        }
    }
}
