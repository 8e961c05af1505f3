using System.Text.RegularExpressions;
using NUnit.Framework;

namespace HilRig.Tests.Architecture;

/// <summary>The parts of the house style that a program can see.</summary>
public partial class HouseStyleTests
{
    private const int LongestFile = 300;

    private static readonly string[] NamelessFolders =
        ["Common", "Core", "Helpers", "Utils", "Managers", "Services", "Interfaces", "Models", "Enums"];

    private static IEnumerable<SourceFile> Code => Repository.Files.Where(file => file.IsCode);

    private static IEnumerable<SourceFile> Written =>
        Repository.Files.Where(file => !file.Path.Contains("/Fixtures/") && !file.Path.Contains("/Vectors/") && Path.GetExtension(file.Path) is not (".json" or ".sln"));

    private static IEnumerable<SourceFile> TestCode => Code.Where(file => file.Path.StartsWith("test-suites/", StringComparison.Ordinal));

    /// <summary>Without what compilers and frameworks generate into our assemblies.</summary>
    private static IEnumerable<Type> OwnTypes => Repository.Products.SelectMany(assembly => assembly.GetTypes())
        .Where(type => type.Namespace?.StartsWith("HilRig", StringComparison.Ordinal) == true);

    /// <summary>Documents and scripts too. A file that is longer says why, in a line with these words; what a program writes has no author to ask.</summary>
    [Test]
    public void No_file_is_longer_than_300_lines_without_a_reason() =>
        Assert.That(Written.Where(file => file.Lines.Count > LongestFile && !file.Matches(LengthReason()).Any()).Select(file => $"{file.Path}: {file.Lines.Count}"), Is.Empty);

    [Test]
    public void No_folder_is_named_after_what_its_files_are() =>
        Assert.That(Repository.Folders.Where(folder => folder.Split('/').Intersect(NamelessFolders).Any()), Is.Empty);

    [Test]
    public void No_type_is_named_after_the_role_of_a_type() =>
        Assert.That(OwnTypes.Where(type => RoleName().IsMatch(type.Name)), Is.Empty);

    [TestCase("RunManager", true)]
    [TestCase("PacketUtils", true)]
    [TestCase("BaseAddress", false)]
    [TestCase("Managers", false)]
    public void The_rule_for_type_names_knows_a_breach(string name, bool breach) => Assert.That(RoleName().IsMatch(name), Is.EqualTo(breach));

    [Test]
    public void Time_comes_from_a_TimeProvider() => Assert.That(Code.SelectMany(file => file.Matches(Clock())), Is.Empty);

    [TestCase("DateTime" + ".Now", true)]
    [TestCase("DateTimeOffset" + ".UtcNow", true)]
    [TestCase("DateTime" + ".UnixEpoch", false)]
    public void The_rule_for_time_knows_a_breach(string line, bool breach) => Assert.That(Clock().IsMatch(line), Is.EqualTo(breach));

    [Test]
    public void No_test_sleeps() => Assert.That(TestCode.SelectMany(file => file.Matches(Sleep())), Is.Empty);

    [Test]
    public void Nothing_is_left_to_do_in_the_code() => Assert.That(Code.SelectMany(file => file.Matches(Undone())), Is.Empty);

    [Test]
    public void No_file_names_a_path_of_one_machine_or_a_package_host() =>
        Assert.That(Repository.Files.SelectMany(file => file.Matches(MachinePath()).Concat(file.Matches(PackageHost()))), Is.Empty);

    [TestCase("cd /" + "work/main", true)]
    [TestCase("\"/" + "root/.nuget\"", true)]
    [TestCase("$(work)/lists", false)]
    [TestCase("home/work/x", false)]
    [TestCase("href=\"/runs\"", false)]
    public void The_rule_for_paths_knows_a_breach(string line, bool breach) => Assert.That(MachinePath().IsMatch(line), Is.EqualTo(breach));

    [GeneratedRegex("(Helpers?|Utils?|Utility|Manager|Service|Base|Impl)$")]
    private static partial Regex RoleName();

    [GeneratedRegex(@"\bDateTime(Offset)?\.((Utc)?Now|Today)\b")]
    private static partial Regex Clock();

    [GeneratedRegex("longer than 300 lines, because")]
    private static partial Regex LengthReason();

    [GeneratedRegex(@"\bThread\.Sleep\b")]
    private static partial Regex Sleep();

    [GeneratedRegex(@"\b(TO[D]O|FIX[M]E|NotImplementedExceptio[n])\b")]
    private static partial Regex Undone();

    [GeneratedRegex(@"(?<![\w.$})\]-])/(work|root|tmp/hil)/")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"api\.nuget\.or[g]|registry\.npmjs\.or[g]|pypi\.or[g]|pythonhosted\.or[g]|deb\.debian\.or[g]|proxy\.golang\.or[g]")]
    private static partial Regex PackageHost();
}
