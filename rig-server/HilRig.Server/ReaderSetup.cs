using HilRig.Model.Comparisons;
using HilRig.Model.Nights;
using HilRig.Model.Settings;
using HilRig.Model.SignOffs;
using HilRig.Server.Comparisons;
using HilRig.Server.Nights;
using HilRig.Server.Settings;
using HilRig.Server.SignOffs;

namespace HilRig.Server;

/// <summary>Makes known what pages and API read beside runs and campaigns.</summary>
internal static class ReaderSetup
{
    public static void AddReaders(this IServiceCollection services)
    {
        services.AddSingleton<INightReader, NightReader>();
        services.AddSingleton<IComparisonReader, ComparisonReader>();
        services.AddSingleton<SignOffDesk>();
        services.AddSingleton<ISignOffReader>(provider => provider.GetRequiredService<SignOffDesk>());
        services.AddSingleton<ISettingsReader, SettingsReader>();
    }
}
