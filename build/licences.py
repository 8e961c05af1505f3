"""What is shipped: packages that NuGet resolved (project.assets.json) and npm locked (package-lock.json), as a table or a CycloneDX SBOM."""
import json
import os
import re
import sys
import xml.etree.ElementTree as xml

SHIPPED = ["rig-agent/HilRig.Agent", "rig-agent/HilRig.VirtualBoard", "rig-server/HilRig.Server", "rig-server/HilRig.Cli"]
SCRIPTS = "dashboards/HilRig.Dashboards/package-lock.json"


def nuget(root):
    found = {}
    for project in SHIPPED:
        with open(f"{root}/{project}/obj/project.assets.json") as file:
            assets = json.load(file)
        folders = list(assets["packageFolders"])
        for name, library in assets["libraries"].items():
            if library["type"] == "package":
                package, version = name.split("/")
                found[package, version] = licence_of(folders, library["path"], package)
    return [{"kind": "nuget", "name": name, "version": version, "licence": licence} for (name, version), licence in sorted(found.items())]


def licence_of(folders, path, package):
    for folder in folders:
        spec = os.path.join(folder, path, f"{package.lower()}.nuspec")
        if os.path.exists(spec):
            for element in xml.parse(spec).iter():
                tag = element.tag.rsplit("}")[-1]
                if tag == "license" and element.get("type") == "expression":
                    return element.text
                if tag == "licenseUrl" and element.text:
                    match = re.match(r"https://licenses\.nuget\.org/(.+)", element.text)
                    return match.group(1) if match else "see package"
    return "unknown"


def npm(root):
    with open(f"{root}/{SCRIPTS}") as file:
        lock = json.load(file)
    # What only builds and checks is not shipped.
    return [
        {"kind": "npm", "name": path.split("node_modules/")[-1], "version": entry["version"], "licence": entry.get("license", "unknown")}
        for path, entry in sorted(lock["packages"].items())
        if path and not entry.get("dev")
    ]


def component(package):
    licence = package["licence"]
    known = re.fullmatch(r"[A-Za-z0-9.+-]+", licence) and licence != "unknown"
    named = {"license": {"id": licence}} if known else {"expression": licence} if re.search(r" (AND|OR|WITH) ", licence) else {"license": {"name": licence}}
    name = package["name"].replace("@", "%40")
    return {
        "type": "library", "bom-ref": f"pkg:{package['kind']}/{name}@{package['version']}", "name": package["name"], "version": package["version"],
        "purl": f"pkg:{package['kind']}/{name}@{package['version']}", "licenses": [named],
    }


def main(root, form):
    packages = nuget(root) + npm(root)
    if form == "--sbom":
        with open(f"{root}/Directory.Build.props") as file:
            version = re.search("<Version>(.+)</Version>", file.read()).group(1)
        json.dump({
            "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
            "metadata": {"component": {"type": "application", "name": "HilRig", "version": version, "licenses": [{"license": {"id": "MIT"}}]}},
            "components": [component(package) for package in packages],
        }, sys.stdout, indent=2)
        print()
        return
    for package in packages:
        print(f"{package['licence']:<24} {package['kind']:<6} {package['name']} {package['version']}")


main(sys.argv[1], sys.argv[2])
